import { Module } from '@nestjs/common';
import { ConsoleAuditModule } from '../audit/console-audit.module.js';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleSessionsModule } from '../sessions/console-sessions.module.js';
import { PhonesController } from './phones.controller.js';
import { PhonesService } from './phones.service.js';

/** The phones of the page. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleAuditModule, ConsoleSessionsModule],
  controllers: [PhonesController],
  providers: [PhonesService],
})
export class ConsolePhonesModule {}
