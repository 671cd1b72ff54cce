import { IsPaymentIdBeginning } from '@level-one/platform';
import { ShownSpanDto } from '../shared/span.dto.js';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { NetworkListQueryDto } from './list-query.dto.js';

/** Query of `GET /api/payments`. */
export class ListPaymentsQueryDto extends NetworkListQueryDto {
  /** @example "executed" */
  @IsOptional()
  @IsIn(['pending', 'executed', 'rejected', 'expired', 'failed', 'notBegun'])
  state?: string;

  /**
   * Id of a payment or an invoice, the first 8 characters or more of the id of a payment, number of a customer, amount
   * with its decimals, or name of an account; in small or capital letters. @example "78956562"
   */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  text?: string;

  /** The first 8 characters or more of the id of a payment, also if all of them are digits. @example "c178fe87" */
  @IsPaymentIdBeginning()
  payment?: string;
}

/** What one DFSP API says of a payment. */
export class PaymentViewDto {
  /** @example "dfsp1" */
  dfsp: string;
  /** `debit`: its customer pays; `credit`: its customer is paid. @example "debit" */
  side: string;
  /** @example "executed" */
  state: string;
  /** @example "10.40" */
  amount: string;
  /** @example "USD" */
  currency: string;
  /** The whole answer of the DFSP API. */
  record: object;
}

/** What was to be paid, from the price that the DFSP keeps. */
export class AskedPaymentDto {
  /** Number of the payer. @example "78956562" */
  payer: string;
  /** Number of the payee. @example "26547070" */
  payee: string;
  /** DFSP of the payee; null if the console does not know it. @example "dfsp2" */
  payeeDfsp: string | null;
  /** @example "10.40" */
  amount: string;
  /** @example "USD" */
  currency: string;
}

/** The price of a payment, paid or not, as the payer's DFSP keeps it. */
export class PaymentPriceDto {
  /** DFSP of the payer. @example "dfsp1" */
  dfsp: string;
  asked: AskedPaymentDto;
}

/** Why a DFSP did not begin a payment. */
export class PaymentRefusalDto {
  /** DFSP that was asked to pay. @example "dfsp1" */
  dfsp: string;
  /** Status that its DFSP API answered. @example 422 */
  status: number;
  /** Id of the error; null if it is not known. @example "InsufficientFundsError" */
  id: string | null;
  /** Absent if its price is not kept, or was never asked for. */
  asked?: AskedPaymentDto;
}

/** A payment, with what each DFSP says of it. */
export class ShownPaymentDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /**
   * State at the payer's DFSP, or at the payee's if the payer's is not known here. `notBegun`: the payer's DFSP refused it
   * before it began, and has no such payment. @example "executed"
   */
  state: string;
  /** When it was begun, or refused. @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
  /** Empty if it was not begun. */
  views: PaymentViewDto[];
  /** Only if it was not begun. */
  refusal?: PaymentRefusalDto;
}

/** What could not be read now. */
export class MissingPartDto {
  /** Null at the centre. @example "dfsp2" */
  dfsp: string | null;
  /** @example "spsp-server" */
  role: string;
  /** @example "dfsp2/spsp-server does not answer" */
  reason: string;
}

/** A page of payments, the newest first by their payers' DFSPs. It may be shorter than `limit`, also with a `next`. */
export class ShownPaymentsPageDto {
  payments: ShownPaymentDto[];
  /** `after` of the next page; null on the last one. */
  next: string | null;
  missing: MissingPartDto[];
}

/** What every DFSP says of one payment. */
export class ShownPaymentDetailsDto extends ShownPaymentDto {
  missing: MissingPartDto[];
}

/** Something that happened to a payment. */
export class NetworkTimelineEntryDto {
  /** @example "2026-11-21T04:00:00.000Z" */
  at: string;
  /** Null at the centre. @example "dfsp1" */
  dfsp: string | null;
  /** @example "spsp-client" */
  role: string;
  /** `hop`: a request or a frame; `state`, `ledgerEvent`, `retry`, `sweep`: from the rows of a role. @example "hop" */
  kind: 'hop' | 'state' | 'ledgerEvent' | 'retry' | 'sweep';
  /** What it happened to, of what roles keep: `payment`, `invoice`, `quote` and others. @example "invoice" */
  of?: string;
  /** In words. @example "P.D to dfsp1/ledger-adapter" */
  what: string;
  /** Id in the table of hops. @example "P.D" */
  hop?: string;
  /** `WS` for a frame. @example "PUT" */
  method?: string;
  path?: string;
  /** @example 201 */
  status?: number;
  /** @example 12.5 */
  durationMs?: number;
  /** @example "00f067aa0ba902b7" */
  spanId?: string;
  /** Span that caused it. @example "00f067aa0ba902b6" */
  parentId?: string;
  /** State after it. @example "prepared" */
  state?: string;
  /** Accounts, amounts, errors. */
  detail?: string;
}

/** Everything that the network knows of a payment, causes before what they caused. */
export class NetworkTimelineDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  entries: NetworkTimelineEntryDto[];
  missing: MissingPartDto[];
}

/** The spans of a payment in causal order: none before the one that caused it. */
export class PaymentSpansDto {
  spans: ShownSpanDto[];
}

/** A receipt. Who has it can check that `fulfillment` fulfils `condition`, without asking anybody. */
export class ReceiptDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /** @example "executed" */
  state: string;
  /** DFSP whose ledger says so. @example "dfsp1" */
  dfsp: string;
  /** @example "10.40" */
  amount: string;
  /** @example "0.00" */
  fee: string | null;
  /** @example "USD" */
  currency: string;
  /** Number of the payer. @example "78956562" */
  payerNumber: string | null;
  /** Account of the payer. @example "alice" */
  payerAccount: string | null;
  /** Name of the payee as the payer saw it. @example "Bob Diaz" */
  payeeName: string | null;
  /** Number of the payee. @example "26547070" */
  payeeNumber: string | null;
  /** Account of the payee, as far as the DFSP knows it. @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  payeeAccount: string | null;
  /** URI of the transfer on the ledger. */
  transfer: string;
  /** Account that the transfer debits. @example "alice" */
  debited: string | null;
  /** Account that the transfer credits: between two DFSPs that of the connector. @example "dfsp1-testconnector" */
  credited: string | null;
  /** @example "2026-11-21T04:00:01.000Z" */
  executedAt: string | null;
  expiresAt: string | null;
  condition: string | null;
  /** Null as long as the payment is not executed. */
  fulfillment: string | null;
}
