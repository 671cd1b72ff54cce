import type { LedgerUris } from '@level-one/transfer';

/** URIs, unit and prefix of one instance of a ledger. Injectable by class. */
export class LedgerProfile {
  uris: LedgerUris;
  currency: string;
  scale: number;
  precision: number;
  /** ILP address of the ledger, ending in a dot. */
  ilpPrefix: string | undefined;
  /** Whether published passwords are accepted. */
  isDemo: boolean;
}
