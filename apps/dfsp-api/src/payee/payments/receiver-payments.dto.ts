import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { IsMemo } from '@level-one/peers';
import { UUID } from '@level-one/platform';

/** Body of `PUT /invoices/{invoiceId}`: the older form of a setup. */
export class InvoiceProposalDto {
  /** The payer's number. @example "78956562" */
  @IsString()
  @Length(1, 32)
  senderIdentifier: string;

  /** @example "proposed" */
  @IsIn(['proposed'])
  status: 'proposed';

  /** Random when absent. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  @IsOptional()
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId?: string;

  /** @example "Lunch" */
  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;
}
