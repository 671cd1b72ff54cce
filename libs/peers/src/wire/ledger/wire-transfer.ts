import type { CreditDto, DebitDto, TransferDto } from './transfer.dto.js';

/** Members of a DTO as plain data. */
type Plain<T> = Pick<T, keyof T>;
/** A Five Bells ledger that is not ours may leave these out, or send null. */
type Lenient<T> = { [K in keyof T]?: T[K] | null };

/** A transfer as it is sent to a ledger, and as any Five Bells ledger answers it (contract 3.3). */
export type WireTransfer = Pick<TransferDto, 'id'> & {
  debits: Plain<DebitDto>[];
  credits: Plain<CreditDto>[];
  state?: TransferDto['state'] | 'settled';
} & Lenient<Omit<TransferDto, 'id' | 'debits' | 'credits' | 'state'>>;

/** What both sides of a transfer have. */
export type WireTransferPart = Pick<DebitDto, 'account' | 'amount' | 'memo'>;
