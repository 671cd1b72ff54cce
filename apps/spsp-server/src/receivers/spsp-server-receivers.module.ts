import { Module } from '@nestjs/common';
import { SpspServerReceiversController } from './receivers.controller.js';

/** The DFSP's customers as payees (hop I.E). */
@Module({
  controllers: [SpspServerReceiversController],
})
export class SpspServerReceiversModule {}
