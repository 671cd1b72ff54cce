/** A message from one account's owner to another's (contract 3.1); it is told to who listens, and not kept. */
export class MessageDto {
  /** Base URL of the ledger. @example "http://127.0.0.1:3106/ilp/ledger/v1" */
  ledger: string;

  /** URI of the sender's account. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  from: string;

  /** URI of the receiver's account. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/dfsp1-testconnector" */
  to: string;

  /** Anything; passed on unchanged. @example { "method": "hello" } */
  data: Record<string, unknown>;
}
