import {
  type CounterpartySums,
  type LedgerProfile,
  outstandingOf,
  type SettlementWindow,
  type StoredConfirmation,
  type WindowEntry,
  type WindowPosition,
  type WindowPositions,
} from '@level-one/ledger';
import { formatAmount } from '@level-one/money';
import { positionToJson } from '../positions/position-json.js';
import type {
  ConfirmationDto,
  CounterpartyDto,
  SettlementDto,
  SettlementSummaryDto,
  WindowEntryDto,
  WindowPositionDto,
} from './settlement.dto.js';

export function summaryToJson(window: SettlementWindow): SettlementSummaryDto {
  const { id, number, state, openedAt, closedAt, settledAt, transferCount } = window;
  return {
    id,
    number,
    state,
    opened_at: openedAt.toISOString(),
    closed_at: closedAt?.toISOString() ?? null,
    settled_at: settledAt?.toISOString() ?? null,
    transfer_count: transferCount,
  };
}

export function settlementToJson(window: WindowPositions, profile: LedgerProfile): SettlementDto {
  const positions = window.positions.map((position) => windowPositionToJson(position, profile));
  return Object.assign(summaryToJson(window), { positions });
}

export function windowPositionToJson(position: WindowPosition, profile: LedgerProfile): WindowPositionDto {
  return Object.assign(positionToJson(position, profile), {
    confirmed: formatAmount(position.confirmed, profile.scale),
    outstanding: formatAmount(outstandingOf(position), profile.scale),
  });
}

export function counterpartyToJson(sums: CounterpartySums, { uris, scale }: LedgerProfile): CounterpartyDto {
  const { account, payments, receipts } = sums;
  return {
    account: uris.account(account),
    payments: formatAmount(payments, scale),
    receipts: formatAmount(receipts, scale),
    net: formatAmount(receipts - payments, scale),
  };
}

export function confirmationToJson(confirmation: StoredConfirmation, { uris, scale }: LedgerProfile): ConfirmationDto {
  const { amount, reference, transferId, confirmedAt } = confirmation;
  return {
    amount: formatAmount(amount, scale),
    reference,
    transfer: uris.transfer(transferId),
    confirmed_at: confirmedAt.toISOString(),
  };
}

export function windowEntryToJson(entry: WindowEntry, { uris, scale }: LedgerProfile): WindowEntryDto {
  const { id, transferId, counterparty, kind, amount, bookedAt } = entry;
  return {
    id,
    transfer: uris.transfer(transferId),
    counterparty: uris.account(counterparty),
    kind,
    amount: formatAmount(amount, scale),
    booked_at: bookedAt.toISOString(),
  };
}
