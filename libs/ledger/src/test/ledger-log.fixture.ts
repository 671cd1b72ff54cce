import type { Transfer } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import type { Account } from '../schema/account.entity.js';
import type { Charge } from '../schema/charge.entity.js';
import {
  emptyWorld,
  enter,
  fundsOf,
  ISSUANCE,
  kindOf,
  type ModelAccount,
  type ModelCharge,
  type ModelTransfer,
  propose,
  type State,
  type World,
} from './ledger-model.fixture.js';
import type { Stage } from './ledger-stage.fixture.js';
import { storedTransferOf } from './ledger-stage.fixture.js';
import { ACCOUNT_COLUMNS, accountOf, type AccountRow } from '../schema/account-columns.js';
import { CHARGE_COLUMNS, chargeOf, type Row, TRANSFER_COLUMNS, transferOf } from '../schema/rows.js';

/** Rows of one program in the database, under the labels of the program. */
export interface Log {
  /** Sorted by sequence. */
  events: readonly { id: string; state: State }[];
  transfers: ReadonlyMap<string, Transfer>;
  charges: ReadonlyMap<string, readonly ModelCharge[]>;
  accounts: ReadonlyMap<string, Account>;
}

export async function readLog(dataSource: DataSource, stage: Stage, afterSequence: string): Promise<Log> {
  const events: { id: string; state: State }[] = await dataSource.query(
    `SELECT transfer_id AS id, events.state FROM events JOIN transfers ON transfers.id = transfer_id
     WHERE sequence > $1 AND (debit_account LIKE $2 OR credit_account LIKE $2) ORDER BY sequence`,
    [afterSequence, stage.nameOf('%')],
  );
  const ids = [...new Set([...events.map(({ id }) => id), ...stage.transfers.keys()])];
  const transfers: Row<Transfer>[] = await dataSource.query(
    `SELECT ${TRANSFER_COLUMNS} FROM transfers WHERE id = ANY($1)`,
    [ids],
  );
  const charges: (Row<Charge> & { transferId: string })[] = await dataSource.query(
    `SELECT ${CHARGE_COLUMNS} FROM charges WHERE transfer_id = ANY($1) ORDER BY transfer_id, position`,
    [ids],
  );
  const accounts: AccountRow[] = await dataSource.query(`SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE name LIKE $1`, [
    stage.nameOf('%'),
  ]);
  const labelOf = (id: string): string => stage.transfers.get(id) ?? id;
  const byTransfer = new Map<string, ModelCharge[]>();
  for (const row of charges) {
    const label = labelOf(row.transferId);
    byTransfer.set(label, [...(byTransfer.get(label) ?? []), stage.modelChargeOf(chargeOf(row))]);
  }
  return {
    events: events.map(({ id, state }) => ({ id: labelOf(id), state })),
    transfers: new Map(transfers.map((row) => [labelOf(row.id), transferOf(row)])),
    charges: byTransfer,
    accounts: new Map(accounts.map((row) => [stage.labelOf(row.name), accountOf(row)])),
  };
}

/** Replays the log event by event into a model. @throws Error at the first event that the model does not allow. */
export function replay({ events, transfers, charges, accounts }: Log, stage: Stage, graceMs: number): World {
  let world: World = {
    ...emptyWorld(graceMs),
    charges,
    accounts: new Map([...accounts].map(([name, account]) => [name, modelAccountOf(name, account)])),
  };
  for (const { id, state } of events) {
    const row = transfers.get(id);
    if (!row) throw new Error(`Transfer ${id} has an event, but is not there`);
    if (!world.transfers.has(id)) world = propose(world, id, stage.modelContentOf(row));
    world = enter(world, id, state, detailsOf(row, state));
    assertAboveFloors(withoutCharges(world), `After ${id} was ${state}`);
  }
  for (const [id, row] of transfers) {
    const last = world.transfers.get(id)?.path.at(-1);
    const { state } = storedTransferOf(row);
    if (last !== state) throw new Error(`Transfer ${id} is ${state}, its events end with ${last}`);
    assertInTime(id, row, world, graceMs);
  }
  for (const [name, { posted, held }] of accounts) {
    const replayed = fundsOf(world, name);
    if (replayed.posted === posted && replayed.held === held) continue;
    throw new Error(
      `Account ${name} has ${posted} posted and ${held} held; its log says ${replayed.posted} and ${replayed.held}`,
    );
  }
  return world;
}

function modelAccountOf(name: string, account: Account): ModelAccount {
  const { minimumAllowedBalance: floor, netDebitCap: cap, isDisabled } = account;
  return { floor, cap, isDisabled, kind: kindOf(name), isDirect: account.directUse };
}

function detailsOf(row: Transfer, state: State): Partial<ModelTransfer> {
  const authorized = state !== 'proposed' && row.authorized;
  const { state: last, reason, fulfillment } = storedTransferOf(row);
  if (state !== last) return { authorized };
  const hasExpired = reason === 'expired' && row.rejectionMessage === null;
  return { authorized, reason, fulfillment, hasExpired };
}

/** Charges put to an open transfer are not in the log. Floors must hold without them. */
function withoutCharges(world: World): World {
  return { ...world, charges: new Map() };
}

function assertAboveFloors(world: World, when: string): void {
  for (const [name, { floor }] of world.accounts) {
    const { posted, held } = fundsOf(world, name);
    if (floor !== null && posted - held < floor)
      throw new Error(`${when}, ${name} is at ${posted - held} below ${floor}`);
  }
}

function assertInTime(id: string, row: Transfer, world: World, graceMs: number): void {
  const { debitAccount, expiresAt, executedAt, rejectedAt } = row;
  if (expiresAt === null || debitAccount === ISSUANCE) return;
  const transfer = world.transfers.get(id)!;
  const hasGrace = transfer.content.to === 'connector' && transfer.path.includes('prepared');
  const lastMoment = expiresAt.getTime() + (hasGrace ? graceMs : 0);
  if (executedAt && executedAt.getTime() >= lastMoment) throw new Error(`Transfer ${id} was executed after its time`);
  if (transfer.hasExpired && rejectedAt! < expiresAt) throw new Error(`Transfer ${id} expired before its time`);
}
