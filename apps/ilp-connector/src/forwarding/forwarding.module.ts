import { Module } from '@nestjs/common';
import { ConnectedLedgersModule } from '../ledgers/connected-ledgers.module.js';
import { Crossings } from './crossings.js';
import { ForwardedTransfers } from './forwarded-transfers.js';
import { Forwarder } from './forwarder.js';
import { LateSources } from './late-sources.js';
import { LateSourceStore } from './late-source-store.js';
import { LostClaimStore } from './lost-claim-store.js';
import { LostClaims } from './lost-claims.js';
import { SourceEnds } from './source-ends.js';

/** Transfers carried from one ledger to the other. */
@Module({
  imports: [ConnectedLedgersModule],
  providers: [
    Crossings,
    ForwardedTransfers,
    Forwarder,
    LateSources,
    LateSourceStore,
    LostClaims,
    LostClaimStore,
    SourceEnds,
  ],
  exports: [Forwarder, LateSources],
})
export class ForwardingModule {}
