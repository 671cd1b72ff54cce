import { Matches } from 'class-validator';
import { UUID } from '@level-one/platform';

/** `POST /transfer`: pays a quote. */
export class TransferOrderDto {
  /** Id of the quote. @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;
}

/** The payment of a quote and its status. */
export class TransferResultDto {
  /** @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  paymentId: string;
  /** `pending` while the payment is not final: `GET /v1/payments/{paymentId}` tells its end. @example "executed" */
  status: 'executed' | 'pending';
  fulfillment?: string;
}
