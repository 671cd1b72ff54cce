import { type Fault, FAULTS } from '@level-one/errors';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { NetworkListQueryDto } from '../payments/list-query.dto.js';
import { MissingPartDto } from '../payments/payments.dto.js';

/** Query of `GET /api/refusals`. */
export class RefusalsQueryDto extends NetworkListQueryDto {
  /** Id of a list of payments, or number of its payer or of a payee: only rows have them. @example "26547070" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  text?: string;
}

/** A row of a list of payments, as its DFSP keeps it. */
export class ShownRowDto {
  /** @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  bulkPaymentId: string;
  /** Line in the file, from 1. @example 2 */
  line: number;
  /** `refused` when the list was checked, or `failed` when it was paid. @example "refused" */
  state: string;
  /** Number of the client who pays. @example "78956562" */
  sourceIdentifier: string;
  /** Number of the payee. @example "26547070" */
  identifier: string;
  /** As given. @example "10.4" */
  amount: string;
  /** As given. @example "USD" */
  currency?: string;
  /** Id of its payment, if that began. @example "1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60" */
  paymentId: string;
}

/** A call between roles that was refused or not answered. */
export class FailedStepDto {
  /** Place and role of the caller. @example "dfsp1/dfsp-api" */
  from: string;
  /** @example "dfsp1/spsp-client-proxy" */
  to: string;
  /** Id in the table of hops. @example "I.C" */
  hop: string;
  /** Null if it was not answered. @example 502 */
  status: number | null;
  /** Why it was not answered: `not reached`, `connection lost` or `no answer`; else its status. @example "502" */
  error: string | null;
}

/** What a DFSP refused, and no payment has: a row of a list, or a request that got no id of a payment. */
export class RefusalDto {
  /** When the list or the request came. @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
  /** DFSP that refused it. @example "dfsp1" */
  dfsp: string;
  /** Only of a row. */
  row?: ShownRowDto;
  /** Only of a request: its path. @example "/v1/quote" */
  path?: string;
  /** Only of a request: the status of the answer. @example 404 */
  status?: number;
  /** Id of the error; null if it is not known. @example "UserNotFound" */
  id: string | null;
  /** Only of a request: which limit, or how the invoice ended, if the answer says so. @example "invoice.expired" */
  type?: string;
  /** Only of a request: the call between roles that failed first, if one did and its span is kept. */
  failed?: FailedStepDto;
  /** As the DFSP gave it, of a row. @example "User not found" */
  message?: string;
  /** Who can mend it; null for an error that is not in the catalogue. */
  @ApiProperty({ enum: Object.keys(FAULTS), nullable: true })
  fault: Fault | null;
  /** What the error means, and what to do, from the catalogue of errors. */
  means: string | null;
  advice: string | null;
}

/** A page of what was refused, the newest first. It may be shorter than `limit`, also with a `next`. */
export class RefusalsPageDto {
  refusals: RefusalDto[];
  /** `after` of the next page; null on the last one. */
  next: string | null;
  missing: MissingPartDto[];
}
