import type { LedgerProfile, Position } from '@level-one/ledger';
import { formatAmount } from '@level-one/money';
import type { FlowDto, PositionDto } from './position.dto.js';

/** A position as the ledger answers it. */
export function positionToJson(position: Position, { uris, scale }: LedgerProfile): PositionDto {
  const { account, payments, receipts, feePayments, feeReceipts } = position;
  return {
    account: uris.account(account),
    fees: flow(feePayments, feeReceipts, scale),
    transfers: flow(payments, receipts, scale),
    net: formatAmount(receipts - payments + feeReceipts - feePayments, scale),
  };
}

function flow(payments: bigint, receipts: bigint, scale: number): FlowDto {
  return {
    payments: formatAmount(payments, scale),
    receipts: formatAmount(receipts, scale),
    net: formatAmount(receipts - payments, scale),
  };
}
