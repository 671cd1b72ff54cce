import type { DfspOriginsDto } from '@level-one/peers';

/** Whom a payment is for, found, and where their DFSP is asked for its price. */
export interface QuotedPayee {
  identifier: string;
  identifierType: 'eur' | 'tel';
  name: string;
  /** Account URI, where their DFSP told it. */
  account: string | undefined;
  /** ISO-4217 alpha-3, of their ledger. */
  currency: string;
  /** Decimals of their ledger. */
  scale: number;
  /** Base URL of their DFSP's scheme adapter, as it registered it; undefined where it gives no quotes. */
  adapterUrl: string | undefined;
  /** For the own SPSP client, to ask what arrives there. */
  receiverUrl: string;
  /** Whether it is the payer themselves, at this DFSP. */
  isPayer: boolean;
}

/** URL of a number at its DFSP's SPSP server. */
export function receiverUrlOf({ providerUrl }: Pick<DfspOriginsDto, 'providerUrl'>, identifier: string): string {
  return `${providerUrl.replace(/\/+$/, '')}/receivers/${encodeURIComponent(identifier)}`;
}
