import { Module } from '@nestjs/common';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleTracesModule } from '../traces/console-traces.module.js';
import { NetworkPaymentsController } from './payments.controller.js';
import { PaymentsNotBegunService } from './payments-not-begun.service.js';
import { NetworkPaymentsService } from './payments.service.js';
import { NetworkTimelineService } from './timeline.service.js';

/** Payments of the whole network. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleTracesModule],
  controllers: [NetworkPaymentsController],
  providers: [NetworkPaymentsService, PaymentsNotBegunService, NetworkTimelineService],
})
export class ConsolePaymentsModule {}
