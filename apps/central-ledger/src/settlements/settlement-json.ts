import type { LedgerProfile, Settlement, SettlementResult } from '@level-one/ledger';
import { positionToJson } from '../positions/position-json.js';
import type { SettlementDto, SettlementSummaryDto } from './settlement.dto.js';

export function summaryToJson({ id, settledAt, transferCount }: Settlement): SettlementSummaryDto {
  return { id, settled_at: settledAt.toISOString(), transfer_count: transferCount };
}

export function settlementToJson(settlement: SettlementResult, profile: LedgerProfile): SettlementDto {
  const positions = settlement.positions.map((position) => positionToJson(position, profile));
  return Object.assign(summaryToJson(settlement), { positions });
}
