import { Module } from '@nestjs/common';
import { ConnectedLedgersModule } from '../ledgers/connected-ledgers.module.js';
import { Forwarder } from './forwarder.js';

/** Transfers carried from one ledger to the other. */
@Module({
  imports: [ConnectedLedgersModule],
  providers: [Forwarder],
  exports: [Forwarder],
})
export class ForwardingModule {}
