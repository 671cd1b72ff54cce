import {
  type AccountPosition,
  type Exposure,
  type LedgerProfile,
  netOf,
  type Position,
  usedPercentOf,
} from '@level-one/ledger';
import { formatAmount } from '@level-one/money';
import type { AccountPositionDto, ExposureDto, FlowDto, PositionDto } from './position.dto.js';

/** A position as the ledger answers it. */
export function positionToJson(position: Position, { uris, scale }: LedgerProfile): PositionDto {
  const { account, payments, receipts, feePayments, feeReceipts } = position;
  return {
    account: uris.account(account),
    fees: flow(feePayments, feeReceipts, scale),
    transfers: flow(payments, receipts, scale),
    net: formatAmount(netOf(position), scale),
  };
}

export function accountPositionToJson(position: AccountPosition, profile: LedgerProfile): AccountPositionDto {
  return Object.assign(positionToJson(position, profile), exposureToJson(position, profile));
}

export function exposureToJson(exposure: Exposure, { scale }: LedgerProfile): ExposureDto {
  const { unsettled, held, netDebitCap } = exposure;
  return {
    unsettled: formatAmount(unsettled, scale),
    held: formatAmount(held, scale),
    net_debit_cap: netDebitCap === null ? null : formatAmount(netDebitCap, scale),
    used_percent: usedPercentOf(exposure),
  };
}

function flow(payments: bigint, receipts: bigint, scale: number): FlowDto {
  return {
    payments: formatAmount(payments, scale),
    receipts: formatAmount(receipts, scale),
    net: formatAmount(receipts - payments, scale),
  };
}
