import type { DfspOriginsDto } from '@level-one/peers';

/** The payee of a quote, and the scheme adapter of their DFSP. */
export interface QuotedPayee {
  identifier: string;
  identifierType: 'eur' | 'tel';
  name: string;
  /** Account URI, if the payee's DFSP gave one. */
  account: string | undefined;
  /** ISO 4217 alpha-3 of the payee's ledger. */
  currency: string;
  /** Decimals of the payee's ledger. */
  scale: number;
  /**
   * Base URL of the scheme adapter that the payee's DFSP registered; undefined if it registered none and so gives no
   * quotes.
   */
  adapterUrl: string | undefined;
  /** URL of the receiver, by which the own SPSP client asks connectors for amounts. */
  receiverUrl: string;
  /** Whether payer and payee are the same client of this DFSP. */
  isPayer: boolean;
}

/** URL of a number at its DFSP's SPSP server. */
export function receiverUrlOf({ providerUrl }: Pick<DfspOriginsDto, 'providerUrl'>, identifier: string): string {
  return `${providerUrl.replace(/\/+$/, '')}/receivers/${encodeURIComponent(identifier)}`;
}
