import { Module } from '@nestjs/common';
import { ConsoleAuditModule } from '../audit/console-audit.module.js';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleSessionsModule } from '../sessions/console-sessions.module.js';
import { ChartsService } from './charts.service.js';
import { ConsoleOperationController } from './operation.controller.js';
import { OperationService } from './operation.service.js';
import { ConsolePaymentFilesController } from './payment-files.controller.js';
import { PositionSamplesKeeper } from './position-samples.keeper.js';
import { NetworkReconciliationService } from './reconciliation.service.js';

/** What operators look at. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleAuditModule, ConsoleSessionsModule],
  controllers: [ConsoleOperationController, ConsolePaymentFilesController],
  providers: [OperationService, ChartsService, PositionSamplesKeeper, NetworkReconciliationService],
})
export class ConsoleOperationModule {}
