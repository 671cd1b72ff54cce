import { PageLimit, UUID } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';

const PAGE = 100;

/** Something that could not be delivered yet, or at all. */
export class UndeliveredDto {
  /** @example "0b0f4f0a-4b2c-4f57-9c59-0a8f7f3a2d11" */
  id: string;

  /**
   * `invoiceIssued`, `invoiceCancelled`, `invoiceRejected`: to another DFSP. `paymentExecuted`, `paymentRejected`,
   * `paymentExpired`: to the own DFSP.
   * @example "invoiceRejected"
   */
  kind: string;

  /**
   * `waiting`: it is tried again. `undeliverable`: it is not, unless it is sent again. `delivered`, `withdrawn`: only in the
   * answer of `resend`.
   * @example "undeliverable"
   */
  state: 'waiting' | 'undeliverable' | 'delivered' | 'withdrawn';

  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceId?: string;

  /** @example "1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60" */
  paymentId?: string;

  /** Where it goes to. @example "http://127.0.0.1:3203/v1/invoices" */
  to?: string;

  /** Time of the first attempt. @example "2030-01-01T00:00:00.000Z" */
  since: string;

  /** Attempts so far. @example 12 */
  attempts: number;

  /** Time of the next attempt, while it is waiting. @example "2030-01-01T00:10:00.000Z" */
  nextAttemptAt?: string;

  /** Until when it is tried. @example "2030-01-04T00:00:00.000Z" */
  deadline: string;

  /** Id of the error of the last attempt that failed. @example "ServiceUnavailableError" */
  error?: string;

  /** @example "III.A: the next system has too much to do" */
  message?: string;
}

/** A page of what could not be delivered, the oldest first. */
export class UndeliveredPageDto {
  undelivered: UndeliveredDto[];

  /** Value of `after` for the next page; absent on the last one. @example "0b0f4f0a-4b2c-4f57-9c59-0a8f7f3a2d11" */
  next?: string;
}

/** Query of `POST /v1/undelivered/resend`. */
export class ResendAllQueryDto {
  /** How many are sent again at most, 1 to 1000. @example "100" */
  @PageLimit(1000)
  limit?: string;
}

/** What is sent again. */
export class ResentDto {
  /** How many are sent again now, one after the other. @example 12 */
  resent: number;

  /** How many are still undeliverable, counted up to 10 000; those sent again are not among them. @example 0 */
  undeliverable: number;
}

/** Query of `GET /v1/undelivered`. */
export class UndeliveredQueryDto {
  /** Maximum of entries in the answer, at most 1000. @example "100" */
  @PageLimit(1000)
  limit?: string;

  /** Id of the last entry of the page before. @example "0b0f4f0a-4b2c-4f57-9c59-0a8f7f3a2d11" */
  @IsOptional()
  @Matches(UUID, { message: 'after must be the id of an entry' })
  after?: string;
}

/** The page that a query names. */
export function pageOf({ limit = String(PAGE), after }: UndeliveredQueryDto): {
  limit: number;
  after: string | undefined;
} {
  return { limit: Number(limit), after: after?.toLowerCase() };
}

/** A page with the key of the next one. @param entries up to one more than `limit` */
export function undeliveredPage(entries: UndeliveredDto[], limit: number): UndeliveredPageDto {
  const undelivered = entries.slice(0, limit);
  const last = undelivered.at(-1);
  return { undelivered, ...(entries.length > limit && last && { next: last.id }) };
}
