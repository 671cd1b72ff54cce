/** Who would receive a payment (contract 2.0). */
export class ReceiverDto {
  /** @example "payee" */
  type: 'payee';
  /** @example "Alice Ames" */
  name: string;
  /** ILP address or ledger account URI. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  account: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** Decimals of one minor unit on the receiver's ledger. @example 2 */
  currencyScale?: number;
  /** @example "https://images.example/alice.png" */
  imageUrl: string;
  /** @example "Alice" */
  firstName?: string;
  /** @example "Ames" */
  lastName?: string;
  /** Added by the backend: where payments to this receiver are told. */
  paymentsUrl?: string;
}
