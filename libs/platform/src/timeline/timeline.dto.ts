import { TIMELINE_KINDS, type TimelineKind } from '@level-one/work';
import { ApiProperty } from '@nestjs/swagger';

/** Something that happened to a payment at a role. */
export class TimelineEntryDto {
  /** By the clock of the role. @example "2030-01-01T00:00:00.000Z" */
  at: string;
  /** A change of a row, an event of a ledger, an attempt to deliver, or background work. */
  @ApiProperty({ enum: TIMELINE_KINDS, example: 'state' })
  kind: TimelineKind;
  /**
   * What it happened to: `payment`, `incoming-payment`, `invoice`, `notification`, `notice`, `quote`, `transfer` and
   * others. @example "transfer"
   */
  of: string;
  /** In words. @example "The transfer was prepared; its money is held" */
  what: string;
  /** State after it. @example "prepared" */
  state?: string;
  /** Of the row: the payment's, or that of an invoice, a notification or a notice. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  id?: string;
  /** Accounts, amounts, errors. @example "alice pays dfsp1-testconnector 10.40 USD" */
  detail?: string;
}

/** What could not be read now. */
export class TimelineGapDto {
  /** @example "the transfer at the central ledger" */
  what: string;
  /** Id of the error. @example "ServiceUnavailableError" */
  reason: string;
}

/** What a role keeps of a payment, the oldest first. */
export class PaymentTimelineDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /** At most 1,000. Empty if the role knows nothing of the payment. */
  entries: TimelineEntryDto[];
  /** What could not be read now; absent if all was read. */
  missing?: TimelineGapDto[];
}
