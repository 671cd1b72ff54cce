import { Module } from '@nestjs/common';
import { IssuingModule } from '../issuing/issuing.module.js';
import { SpspServerSetupController } from './setup.controller.js';
import { SpspServerSetupService } from './setup.service.js';

/** Payments of other DFSPs set up here (hop S.C). */
@Module({
  imports: [IssuingModule],
  controllers: [SpspServerSetupController],
  providers: [SpspServerSetupService],
})
export class SpspServerSetupModule {}
