import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { UUID } from '@level-one/platform';
import { BulkStatus, RowStatus } from './bulk-payment.entity.js';

/** Who pays a list, and how its amounts are meant: in the query of a CSV list, or in the body of one in JSON. */
export class BulkOrderDto {
  /** Made up when absent; the same list with the same id is the same bulk payment. @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
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

  /** RECEIVE, the default: each payee is to have the amount; SEND: the amount leaves for each. @example "RECEIVE" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  amountType?: string;

  /** Of the amounts of rows that name none; when absent, the payer's with SEND and the payee's with RECEIVE. @example "USD" */
  @IsOptional()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency?: string;
}

/** One payee of a list in JSON. */
export class BulkListRowDto {
  /** Number of the payee. @example "26547070" */
  identifier: string;
  /** @example "10.40" */
  amount: string;
  /** Of the amount; a row in a currency in which it cannot be paid is refused. @example "USD" */
  currency?: string;
}

/** A list in JSON. */
export class BulkListDto extends BulkOrderDto {
  rows: BulkListRowDto[];
}

/** Rows of one status. */
export class BulkCountDto {
  rows: number;
  /** What leaves the account for them beside fees; of those that were quoted. @example "20.8" */
  amount: string;
  /** @example "0" */
  fee: string;
  /** @example "20.8" */
  total: string;
}

/** How far a list has come. */
export class BulkPaymentDto {
  /** @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  bulkPaymentId: string;
  /** checking, then checked; paying once it was executed, then done. @example "checked" */
  status: BulkStatus;
  /** @example "78956562" */
  sourceIdentifier: string;
  /** @example "alice" */
  sourceAccount: string;
  /** Of amounts and fees. @example "USD" */
  currency: string;
  /** All rows. @example 2 */
  rows: number;
  /** By the status of the rows. */
  progress: Partial<Record<RowStatus, BulkCountDto>>;
  /** @example "2030-01-01T00:00:00.000Z" */
  createdAt: string;
}

/** One row, as far as it has come. */
export class BulkRowDto {
  /** Of the file, from 1; the header of a CSV list is line 1. @example 2 */
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
  /** What leaves the account in all. @example "10.4" */
  total?: string;
  /** What the payee gets. @example "10.4 USD" */
  receiveAmount?: string;
  /** @example "1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60" */
  paymentId: string;
  /** Why it cannot be paid, or was not. @example "UserNotFound" */
  error?: string;
  message?: string;
}

/** Query of `GET /bulkPayments/{id}/rows` */
export class BulkRowsQueryDto {
  /** @example "refused" */
  @IsOptional()
  @IsIn(Object.values(RowStatus))
  status?: RowStatus;

  /** Rows behind this line. @example "0" */
  @IsOptional()
  @Matches(/^\d{1,7}$/, { message: 'after must be a line number' })
  after?: string;

  /** At most 1000. @example "100" */
  @IsOptional()
  @Matches(/^(1000|[1-9]\d{0,2})$/, { message: 'limit must be a number from 1 to 1000' })
  limit?: string;
}

/** A page of rows. */
export class BulkRowsDto {
  rows: BulkRowDto[];
}
