import { Module } from '@nestjs/common';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { ConsoleSessionsModule } from '../sessions/console-sessions.module.js';
import { ConsoleTracesModule } from '../traces/console-traces.module.js';
import { LiveController } from './live.controller.js';
import { LiveBalances } from './live-balances.js';
import { LiveEvents } from './live-events.js';
import { LivePayments } from './live-payments.js';

/** What happens, as it happens. */
@Module({
  imports: [ConsoleNetworkModule, ConsoleTracesModule, ConsoleSessionsModule],
  controllers: [LiveController],
  providers: [LiveEvents, LiveBalances, LivePayments],
})
export class ConsoleLiveModule {}
