import { Module } from '@nestjs/common';
import { ConsoleAuditModule } from '../audit/console-audit.module.js';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleSessionsModule } from '../sessions/console-sessions.module.js';
import { ChangeKinds } from './change-kinds.js';
import { ChangesController } from './changes.controller.js';
import { ChangesKeeper } from './changes.keeper.js';
import { ChangesService } from './changes.service.js';
import { ConsoleUndeliveredController } from './undelivered.controller.js';

/** Changes of the network that a second person approves. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleAuditModule, ConsoleSessionsModule],
  controllers: [ChangesController, ConsoleUndeliveredController],
  providers: [ChangeKinds, ChangesService, ChangesKeeper],
})
export class ConsoleChangesModule {}
