import { ApiSchema } from '@nestjs/swagger';

/** A message from one account's owner to another's (contract 3.1). It is sent to the subscribers and not kept. */
@ApiSchema({ name: 'MessageDto' })
export class LedgerAdapterMessageDto {
  /** Base URL of the ledger. */
  ledger?: string;

  /** URI or name of the sender's account. @example "admin" */
  from?: string;

  /** URI or name of the receiver's account. @example "dfsp1-testconnector" */
  to?: string;

  /** The receiver's account in the older form, which has neither `from` nor `to`. */
  account?: string;

  /** Any object; relayed unchanged. @example { "method": "hello" } */
  data: Record<string, unknown>;
}
