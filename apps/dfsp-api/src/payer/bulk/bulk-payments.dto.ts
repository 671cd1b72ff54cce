import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { PageLimit, UUID } from '@level-one/platform';
import { IsTimestamp } from '@level-one/peers';
import { BulkStatus, RowStatus } from './bulk-payment.entity.js';

/** Who pays a list, and how its amounts are meant. In the query of a CSV list, in the body of one in JSON. */
export class BulkOrderDto {
  /** Chosen at random when absent; the same list with the same id is the same bulk payment. @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  @IsOptional()
  @Matches(UUID, { message: 'bulkPaymentId must be a UUID' })
  bulkPaymentId?: string;

  /** Number of the client who pays. @example "78956562" */
  @IsString({ message: 'IdentifierMissingError' })
  @Length(1, 32)
  sourceIdentifier: string;

  /** The client's account: name, URI or label. @example "alice" */
  @IsString({ message: 'AccountMissingError' })
  @Length(1, 1_024)
  sourceAccount: string;

  /** RECEIVE, the default: each payee receives the amount. SEND: each payment debits the amount. @example "RECEIVE" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  amountType?: string;

  /** Currency of rows that name none. Default: the payer's with SEND, the payee's with RECEIVE. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;

  /**
   * Until when rows are tried that cannot be checked or paid now, because a system is away. Default: `BULK_DEADLINE_S`.
   * @example "2030-01-01T00:00:00.000Z"
   */
  @IsOptional()
  @IsTimestamp()
  deadline?: string;
}

/** One payee of a list in JSON. */
export class BulkListRowDto {
  /** Number of the payee. @example "26547070" */
  identifier: string;
  /** @example "10.40" */
  amount: string;
  /** Currency of the amount: with SEND the payer's, with RECEIVE the payee's; others are refused. @example "USD" */
  currency?: string;
}

/** A list in JSON. */
export class BulkListDto extends BulkOrderDto {
  rows: BulkListRowDto[];
}

/** Number and sums of the rows of one status. */
export class BulkCountDto {
  rows: number;
  /** Sum of debited amounts without fees, of the rows that were quoted. @example "20.8" */
  amount: string;
  /** @example "0" */
  fee: string;
  /** @example "20.8" */
  total: string;
}

/** A list: its status, and its rows by status. */
export class BulkPaymentDto {
  /** @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  bulkPaymentId: string;
  /** checking → checked; after it is executed paying → done. @example "checked" */
  status: BulkStatus;
  /** @example "78956562" */
  sourceIdentifier: string;
  /** @example "alice" */
  sourceAccount: string;
  /** Currency of amounts and fees. @example "USD" */
  currency: string;
  /** Number of rows. @example 2 */
  rows: number;
  /** Number and sums of rows, by their status. */
  progress: Partial<Record<RowStatus, BulkCountDto>>;
  /** @example "2030-01-01T00:00:00.000Z" */
  createdAt: string;
  /** Until when rows are tried that cannot be checked or paid now. @example "2030-01-02T00:00:00.000Z" */
  deadline: string;
}

/** One row of a list. */
export class BulkRowDto {
  /** Line in the file, from 1; the header of a CSV list is line 1. @example 2 */
  line: number;
  /** @example "26547070" */
  identifier: string;
  /** As given. @example "10.4" */
  amount: string;
  /** As given. @example "USD" */
  currency?: string;
  /** @example "checked" */
  status: RowStatus;
  /** @example "Bob Diaz" */
  name?: string;
  /** @example "0" */
  fee?: string;
  /** Debited amount with the fee. @example "10.4" */
  total?: string;
  /** Amount that the payee receives, with its currency. @example "10.4 USD" */
  receiveAmount?: string;
  /** @example "1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60" */
  paymentId: string;
  /** Id of the error if the row was refused or failed, or cannot be checked or paid now. @example "UserNotFound" */
  error?: string;
  message?: string;
}

/** Query of `GET /bulkPayments/{id}/rows` */
export class BulkRowsQueryDto {
  /** @example "refused" */
  @IsOptional()
  @IsIn(Object.values(RowStatus))
  status?: RowStatus;

  /** Only rows after this line. @example "0" */
  @IsOptional()
  @Matches(/^\d{1,7}$/, { message: 'after must be a line number' })
  after?: string;

  /** Maximum of rows in the answer, at most 1000. @example "100" */
  @PageLimit(1000)
  limit?: string;
}

/** A page of rows. */
export class BulkRowsDto {
  rows: BulkRowDto[];
}
