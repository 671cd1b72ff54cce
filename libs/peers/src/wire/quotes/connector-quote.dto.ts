/** Query of `GET /quote` at a connector (row 25); all strings, checked by the connector itself. */
export interface ConnectorQuoteQuery {
  source_address: string;
  destination_address: string;
  source_amount?: string;
  destination_amount?: string;
  destination_precision?: string;
  destination_scale?: string;
  source_expiry_duration?: string;
  destination_expiry_duration?: string;
}

/** A connector's offer (row 25). */
export class ConnectorQuoteDto {
  /** @example "levelone.dfsp1.dfsp1-testconnector" */
  source_connector_account: string;
  /** @example "levelone.dfsp1." */
  source_ledger: string;
  /** @example "10.40" */
  source_amount: string;
  /** Seconds. @example "6" */
  source_expiry_duration: string;
  /** @example "levelone.dfsp2." */
  destination_ledger: string;
  /** @example "10.40" */
  destination_amount: string;
  /** Seconds. @example "5" */
  destination_expiry_duration: string;
  /** Of the payee's ledger, where the connector knows it. @example "USD" */
  destination_currency?: string;
  /** Decimals of one minor unit there. @example 2 */
  destination_scale?: number;
}
