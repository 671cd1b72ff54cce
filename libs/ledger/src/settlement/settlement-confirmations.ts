import { randomUUID } from 'node:crypto';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../books/ledger-turn.js';
import type { SettlementConfirmation } from '../commands/confirm-settlement.js';
import type { Row } from '../schema/rows.js';
import { netOf } from './positions.js';
import { outstandingOf, readWindowIn, type WindowPositions, WindowState } from './settlement-windows.js';

/** What an operator says that a bank moved for one account. */
export interface ConfirmedMovement {
  account: string;
  /** Minor units, above zero. The window says who pays. */
  amount: bigint;
  /** What the bank calls the movement; one for each movement of an account. */
  reference: string;
}

/** A confirmation that is booked. */
export interface StoredConfirmation extends SettlementConfirmation {
  confirmedAt: Date;
}

/** Confirmations follow one another: the first window's row stands for all of them. */
const LOCK = `
  SET LOCAL idle_in_transaction_session_timeout = '60s';
  SELECT FROM settlement_windows WHERE number = 1 FOR UPDATE`;

const COLUMNS = `
  account, reference, settlement_id AS "settlementId", transfer_id AS "transferId", amount::text,
  confirmed_at AS "confirmedAt"`;

const READ_KNOWN = `
  SELECT ${COLUMNS} FROM settlement_confirmations
  JOIN unnest($1::text[], $2::text[]) AS named (account, reference) USING (account, reference)`;

const READ_OF_ACCOUNT = `
  SELECT ${COLUMNS} FROM settlement_confirmations
  WHERE settlement_id = $1 AND account = $2 ORDER BY confirmed_at, reference`;

/** Moves positions by the amounts that a bank moved. */
export class SettlementConfirmations {
  /** @param book books confirmations on the ledger, all or nothing. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly book: (confirmations: readonly SettlementConfirmation[]) => Promise<void>,
  ) {}

  /**
   * Books what a bank moved for a closed window, all or nothing. A movement that is booked already changes nothing.
   *
   * @returns the window after it.
   * @throws ContractError 404 NotFoundError; 400 InvalidModificationError if a reference is known with another amount
   * or for another window; 422 UnprocessableEntityError for an open window, an account without a position in it, and
   * an amount above what is outstanding; those of {@link confirmSettlement}; 503.
   */
  async confirmMovements(id: string, movements: readonly ConfirmedMovement[]): Promise<WindowPositions> {
    await inTransaction(this.dataSource, async (manager) => {
      await manager.query(LOCK);
      const window = await readWindowIn(manager, id);
      if (window.state === WindowState.Open) throw notAllowed('The window is open; close it first');
      const known = await readKnown(manager, movements);
      const confirmations = newConfirmations(window, movements, known);
      if (confirmations.length > 0) await this.book(confirmations);
    });
    return inTransaction(this.dataSource, (manager) => readWindowIn(manager, id));
  }

  /** What was confirmed for one account in one window, the oldest first. */
  async listConfirmations(id: string, account: string): Promise<StoredConfirmation[]> {
    const rows: Row<StoredConfirmation>[] = await this.dataSource.query(READ_OF_ACCOUNT, [id, account]);
    return rows.map(confirmationOf);
  }
}

async function readKnown(
  manager: EntityManager,
  movements: readonly ConfirmedMovement[],
): Promise<Map<string, StoredConfirmation>> {
  const rows: Row<StoredConfirmation>[] = await manager.query(READ_KNOWN, [
    movements.map(({ account }) => account),
    movements.map(({ reference }) => reference),
  ]);
  return new Map(rows.map((row) => [keyOf(row), confirmationOf(row)]));
}

/** The movements that are not booked yet, checked against the window and against each other. */
function newConfirmations(
  window: WindowPositions,
  movements: readonly ConfirmedMovement[],
  stored: ReadonlyMap<string, StoredConfirmation>,
): SettlementConfirmation[] {
  const known = new Map<string, SettlementConfirmation>(stored);
  const left = new Map(window.positions.map((position) => [position.account, outstandingOf(position)]));
  const nets = new Map(window.positions.map((position) => [position.account, netOf(position)]));
  const found: SettlementConfirmation[] = [];
  for (const { account, amount, reference } of movements) {
    const net = nets.get(account) ?? 0n;
    if (net === 0n) throw notAllowed(`Account \`${account}\` has nothing to settle in this window`);
    const moved = net < 0n ? amount : -amount;
    const before = known.get(keyOf({ account, reference }));
    if (before) {
      if (before.amount === moved && before.settlementId === window.id) continue;
      throw transferError(TransferErrorCode.InvalidModification, {
        message: `Reference \`${reference}\` of account \`${account}\` is known with another amount or window`,
      });
    }
    const outstanding = left.get(account) ?? 0n;
    if (amount > absolute(outstanding)) {
      throw notAllowed(`The amount of reference \`${reference}\` is more than account \`${account}\` has to settle`);
    }
    left.set(account, outstanding + moved);
    const confirmation = { settlementId: window.id, account, reference, transferId: randomUUID(), amount: moved };
    known.set(keyOf(confirmation), confirmation);
    found.push(confirmation);
  }
  return found;
}

function keyOf({ account, reference }: { account: string; reference: string }): string {
  return JSON.stringify([account, reference]);
}

function confirmationOf(row: Row<StoredConfirmation>): StoredConfirmation {
  return { ...row, amount: BigInt(row.amount) };
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
