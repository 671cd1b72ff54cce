import { FundsDirection, UUID } from '@level-one/transfer';
import { IsEnum, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';

/** Money that came to the ledger from outside or left it. */
export class FundsRequestDto {
  /** UUID chosen by the caller; each id is booked once. @example "5b1f6a52-0a77-4a0e-9f0f-3c1de6b7a9d4" */
  @Matches(UUID, { message: 'id must be a UUID' })
  id: string;

  /** Above zero, in the ledger's currency. @example "10.00" */
  @IsNotEmpty()
  amount: string;

  /** `in` credits the account, `out` debits it. @example "in" */
  @IsEnum(FundsDirection)
  direction: FundsDirection;

  /** What the movement is called outside the ledger, for example by a bank. @example "bank statement 117, line 4" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  reference: string;
}
