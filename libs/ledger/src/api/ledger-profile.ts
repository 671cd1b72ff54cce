import type { LedgerUris } from '@level-one/transfer';

/** What one instance of a ledger is: where it answers and what it counts in. Injectable by class. */
export class LedgerProfile {
  uris: LedgerUris;
  currency: string;
  scale: number;
  precision: number;
  /** ILP address of the ledger, ending in a dot. */
  ilpPrefix: string | undefined;
  /** Whether passwords that everybody knows are taken. */
  isDemo: boolean;
}
