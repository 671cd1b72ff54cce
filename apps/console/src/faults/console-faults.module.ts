import { Module } from '@nestjs/common';
import { ConsoleAuditModule } from '../audit/console-audit.module.js';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleSessionsModule } from '../sessions/console-sessions.module.js';
import { FaultsController } from './faults.controller.js';

/** Switches of the faults of a demo network. */
@Module({ imports: [ConsoleNetworkModule, ConsoleAuditModule, ConsoleSessionsModule], controllers: [FaultsController] })
export class ConsoleFaultsModule {}
