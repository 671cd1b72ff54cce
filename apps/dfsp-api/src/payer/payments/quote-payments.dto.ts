import { Matches } from 'class-validator';
import { UUID } from '@level-one/platform';

/** `POST /transfer`: pays a quote. */
export class TransferOrderDto {
  /** Of the quote. @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;
}

/** What became of a quoted payment. */
export class TransferResultDto {
  /** @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  paymentId: string;
  /** `pending` while it is not final; it is followed to its end. @example "executed" */
  status: 'executed' | 'pending';
  fulfillment?: string;
}
