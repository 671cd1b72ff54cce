import type { Statement } from '@level-one/work';
import type { Transfer } from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import type { Books } from './books.js';

/**
 * The changes of a batch in one table. Rows are sent as one JSON array of objects. Amounts are text in it, because JSON
 * readers may lose digits of large numbers.
 */
interface Change {
  /** Name of the part in the statement, and its letter in the name of the prepared statement. */
  letter: string;
  sql: string;
  /**
   * Values of the parameters of `sql`, which are numbered from $1; undefined if the batch changed nothing in this
   * table.
   */
  valuesOf(books: Books): unknown[] | undefined;
}

const INSERTED_TRANSFERS: Change = {
  letter: 't',
  sql: `
    INSERT INTO transfers (
      id, debit_account, credit_account, amount, debit_memo, credit_memo, additional_info, execution_condition,
      cancellation_condition, expires_at, open_until, state, authorized, proposed_at, prepared_at, executed_at, rejected_at,
      rejection_reason, rejection_message, fulfillment)
    SELECT
      id, "debitAccount", "creditAccount", amount, "debitMemo", "creditMemo", "additionalInfo", "executionCondition",
      "cancellationCondition", "expiresAt", "openUntil", state, authorized, "proposedAt", "preparedAt", "executedAt", "rejectedAt",
      "rejectionReason", "rejectionMessage", fulfillment
    FROM json_to_recordset($1) AS new (
      id uuid, "debitAccount" text, "creditAccount" text, amount bigint, "debitMemo" json, "creditMemo" json,
      "additionalInfo" json, "executionCondition" text, "cancellationCondition" text, "expiresAt" timestamptz,
      "openUntil" timestamptz, state text, authorized boolean, "proposedAt" timestamptz, "preparedAt" timestamptz, "executedAt" timestamptz,
      "rejectedAt" timestamptz, "rejectionReason" text, "rejectionMessage" json, fulfillment text), head`,
  valuesOf: ({ newTransfers }) => jsonOf(newTransfers, newTransferOf),
};

const UPDATED_TRANSFERS: Change = {
  letter: 'u',
  sql: `
    UPDATE transfers SET
      state = changed.state, open_until = changed."openUntil", authorized = changed.authorized, prepared_at = changed."preparedAt",
      executed_at = changed."executedAt", rejected_at = changed."rejectedAt",
      rejection_reason = changed."rejectionReason", rejection_message = changed."rejectionMessage",
      fulfillment = changed.fulfillment
    FROM json_to_recordset($1) AS changed (
      id uuid, state text, "openUntil" timestamptz, authorized boolean, "preparedAt" timestamptz,
      "executedAt" timestamptz, "rejectedAt" timestamptz, "rejectionReason" text, "rejectionMessage" json,
      fulfillment text), head
    WHERE transfers.id = changed.id`,
  valuesOf: ({ changedTransfers }) => jsonOf(changedTransfers, outcomeOf),
};

const UPDATED_ACCOUNTS: Change = {
  letter: 'a',
  sql: `
    UPDATE accounts SET posted = changed.posted, held = changed.held, position_base = changed."positionBase",
      has_entries = changed."hasEntries"
    FROM json_to_recordset($1) AS changed (
      name text, posted bigint, held bigint, "positionBase" bigint, "hasEntries" boolean), head
    WHERE accounts.name = changed.name`,
  valuesOf: ({ changedAccounts }) => jsonOf(changedAccounts, fundsOf),
};

const CLOSED_HOLDS: Change = {
  letter: 'c',
  sql: 'DELETE FROM holds USING head WHERE transfer_id = ANY($1::uuid[])',
  valuesOf: ({ closedHolds }) => (closedHolds.size === 0 ? undefined : [[...closedHolds]]),
};

const WRITTEN_HOLDS: Change = {
  letter: 'h',
  sql: `
    INSERT INTO holds (transfer_id, account, amount)
    SELECT "transferId", account, amount
    FROM json_to_recordset($1) AS held ("transferId" uuid, account text, amount bigint), head
    ON CONFLICT (transfer_id, account) DO UPDATE SET amount = excluded.amount`,
  valuesOf: ({ writtenHolds }) =>
    jsonOf(
      [...writtenHolds].flatMap(([transferId, amounts]) =>
        [...amounts].map(([account, amount]) => ({ transferId, account, amount })),
      ),
      (hold) => ({ ...hold, amount: String(hold.amount) }),
    ),
};

const INSERTED_CHARGES: Change = {
  letter: 'g',
  sql: `
    INSERT INTO charges (transfer_id, position, debit_account, credit_account, amount, kind, is_waiting, put_at)
    SELECT "transferId", position, "debitAccount", "creditAccount", amount, kind, "isWaiting", $2::timestamptz
    FROM json_to_recordset($1) AS charge (
      "transferId" uuid, position smallint, "debitAccount" text, "creditAccount" text, amount bigint, kind text,
      "isWaiting" boolean), head`,
  valuesOf: (books) => {
    const rows = [...books.newCharges].flatMap(([transferId, charges]) =>
      charges.map((charge, position) => ({
        ...charge,
        transferId,
        position,
        amount: String(charge.amount),
        isWaiting: !books.transfer(transferId),
      })),
    );
    return rows.length === 0 ? undefined : [JSON.stringify(rows), books.now.toISOString()];
  },
};

const MET_CHARGES: Change = {
  letter: 'm',
  sql: 'UPDATE charges SET is_waiting = false FROM head WHERE transfer_id = ANY($1::uuid[])',
  valuesOf: ({ metCharges }) => (metCharges.size === 0 ? undefined : [[...metCharges]]),
};

const VOIDED_TRANSFERS: Change = {
  letter: 'o',
  sql: `
    INSERT INTO voided_transfers (id, debit_account, voided_at)
    SELECT unnest($1::uuid[]), unnest($2::text[]), $3::timestamptz FROM head`,
  valuesOf: ({ newVoids, now }) => {
    const debitAccounts = newVoids.map(({ debitAccount }) => debitAccount);
    return newVoids.length === 0 ? undefined : [newVoids.map(({ id }) => id), debitAccounts, now.toISOString()];
  },
};

const DROPPED_CHARGES: Change = {
  letter: 'd',
  sql: 'DELETE FROM charges USING head WHERE transfer_id = ANY($1::uuid[])',
  valuesOf: ({ droppedCharges }) => (droppedCharges.size === 0 ? undefined : [[...droppedCharges]]),
};

const INSERTED_CONFIRMATIONS: Change = {
  letter: 's',
  sql: `
    INSERT INTO settlement_confirmations (account, reference, settlement_id, transfer_id, amount, confirmed_at)
    SELECT account, reference, "settlementId", "transferId", amount, $2::timestamptz
    FROM json_to_recordset($1) AS confirmed (
      account text, reference text, "settlementId" uuid, "transferId" uuid, amount bigint), head`,
  valuesOf: ({ confirmations, now }) => {
    const rows = [...confirmations].map((confirmation) => ({ ...confirmation, amount: String(confirmation.amount) }));
    return rows.length === 0 ? undefined : [JSON.stringify(rows), now.toISOString()];
  },
};

const INSERTED_ENTRIES: Change = {
  letter: 'e',
  sql: `
    INSERT INTO entries (transfer_id, account, amount, balance, kind, booked_at)
    SELECT "transferId", account, amount, balance, kind, $2::timestamptz
    FROM ROWS FROM (
      json_to_recordset($1) AS ("transferId" uuid, account text, amount bigint, balance bigint, kind text)
    ) WITH ORDINALITY AS entry ("transferId", account, amount, balance, kind, position), head
    ORDER BY position`,
  valuesOf: ({ entries, now }) =>
    entries.length === 0
      ? undefined
      : [
          JSON.stringify(
            entries.map((entry) => ({ ...entry, amount: String(entry.amount), balance: String(entry.balance) })),
          ),
          now.toISOString(),
        ],
};

const INSERTED_EVENTS: Change = {
  letter: 'v',
  sql: `
    INSERT INTO events (sequence, id, transfer_id, state, message, from_account, to_account)
    SELECT head.sequence + position, event.id, "transferId", state, message, "from", "to"
    FROM head, ROWS FROM (
      json_to_recordset($1) AS (id uuid, "transferId" uuid, state text, message json, "from" text, "to" text)
    ) WITH ORDINALITY AS event (id, "transferId", state, message, "from", "to", position)`,
  valuesOf: ({ events }) =>
    jsonOf(events, ({ id, transfer, state, message }) => ({
      id,
      transferId: transfer?.id,
      state: state ?? undefined,
      message: message ?? undefined,
      from: transfer?.debitAccount,
      to: transfer?.creditAccount ?? message?.to,
    })),
};

const CHANGES = [
  INSERTED_TRANSFERS,
  UPDATED_TRANSFERS,
  UPDATED_ACCOUNTS,
  CLOSED_HOLDS,
  WRITTEN_HOLDS,
  INSERTED_CHARGES,
  MET_CHARGES,
  VOIDED_TRANSFERS,
  DROPPED_CHARGES,
  INSERTED_CONFIRMATIONS,
  INSERTED_ENTRIES,
  INSERTED_EVENTS,
];

/** Counts the write, which is a heartbeat, and numbers its events. Every other part of the statement depends on its one row. */
const ADVANCE_HEAD = `
  UPDATE ledger_head SET last_sequence = last_sequence + $1, writes = writes + 1, beat_at = ledger_now()
  RETURNING last_sequence - $1 AS sequence, ledger_now() AS now`;

/**
 * Same without the lock: no row, and so no effect, if another writer has written since ($2), the database's clock
 * disagrees with the writer's ($3 to $4), an id that the writer takes for new exists ($5), or the ledger was down: its
 * last heartbeat is older than $6 ms.
 */
const ADVANCE_HEAD_IF_UNCHANGED = `
  UPDATE ledger_head SET last_sequence = last_sequence + $1, writes = writes + 1, beat_at = ledger_now()
  WHERE writes = $2 AND beat_at >= ledger_now() - $6 * interval '1 ms' AND ledger_now() >= $3::timestamptz AND ledger_now() < $4::timestamptz
    AND NOT EXISTS (SELECT FROM transfers WHERE id = ANY($5::uuid[]))
    AND NOT EXISTS (SELECT FROM charges WHERE transfer_id = ANY($5::uuid[]))
    AND NOT EXISTS (SELECT FROM voided_transfers WHERE id = ANY($5::uuid[]))
  RETURNING last_sequence - $1 AS sequence, ledger_now() AS now`;

const ANSWER = 'SELECT sequence, now FROM head';
/** Tells the other instances of the ledger that there are new events. */
const ANSWER_AND_NOTIFY = `SELECT sequence, now, pg_notify('ledger_events', current_schema() || ' ' || $1) FROM head`;

/** Conditions of a write without the lock. */
export interface WriteCondition {
  /** Number of writes of the ledger at the writer's last read or write. */
  writes: bigint;
  /** Latest time at which the commands would decide the same, Unix time in ms. */
  until: number;
  /** Ids of transfers that the writer takes for new. */
  newIds: readonly string[];
  /** How long without a write counts as a downtime, in ms. */
  downtimeMs: number;
}

/**
 * All changes of a batch in transfers and funds as one statement; undefined if there are none. It returns one row, or
 * none if `condition` is not met. The database checks every floor again.
 *
 * @param teller id of this instance, sent to the others if there are new events; undefined: nobody is told.
 */
export function changesOf(
  books: Books,
  teller: string | undefined,
  condition?: WriteCondition,
): Exclude<Statement, string> | undefined {
  const values: unknown[] = condition
    ? [
        books.events.length,
        String(condition.writes),
        // The driver would write a date in the time zone of this process, which takes longer.
        books.now.toISOString(),
        new Date(condition.until).toISOString(),
        condition.newIds,
        condition.downtimeMs,
      ]
    : [books.events.length];
  const changes: Change[] = [];
  for (const change of CHANGES) {
    const changed = change.valuesOf(books);
    if (!changed) continue;
    changes.push(change);
    values.push(...changed);
  }
  if (changes.length === 0 && books.administeredAccounts.size === 0) return undefined;
  const tells = teller !== undefined && books.events.length > 0;
  if (tells) values.push(teller);
  return { ...statementOf(`${tells ? 'tell-' : ''}${condition ? 'try' : 'write'}-`, changes), values };
}

/** Whether a statement tells the other instances, and whether it depends on a {@link WriteCondition}. */
type Kind = `${'tell-' | ''}${'try' | 'write'}-`;

/** Texts by name. */
const texts = new Map<string, string>();

/** One prepared statement for each combination of tables; there are few combinations. */
function statementOf(kind: Kind, changes: readonly Change[]): { name: string; text: string } {
  let name: string = kind;
  for (const { letter } of changes) name += letter;
  let text = texts.get(name);
  if (text === undefined) {
    text = textOf(kind, changes);
    texts.set(name, text);
  }
  return { name, text };
}

/** Joins the parts into one statement, and renumbers their parameters, which each part numbers from $1. */
function textOf(kind: Kind, changes: readonly Change[]): string {
  const head = kind.endsWith('try-') ? ADVANCE_HEAD_IF_UNCHANGED : ADVANCE_HEAD;
  let offset = 0;
  const numbered = (sql: string): string => {
    const shift = offset;
    offset += new Set(sql.match(/\$\d+/g)).size;
    return sql.replaceAll(/\$(\d+)/g, (_, number: string) => `$${Number(number) + shift}`);
  };
  const parts = [{ letter: 'head', sql: head }, ...changes].map(({ letter, sql }) => `${letter} AS (${numbered(sql)})`);
  return `WITH ${parts.join(', ')} ${kind.startsWith('tell-') ? numbered(ANSWER_AND_NOTIFY) : ANSWER}`;
}

function jsonOf<T>(items: Iterable<T>, rowOf: (item: T) => object): [string] | undefined {
  const rows = Array.from(items, rowOf);
  return rows.length === 0 ? undefined : [JSON.stringify(rows)];
}

function fundsOf({ name, posted, held, positionBase, hasEntries }: Account): Record<string, string | boolean> {
  return { name, posted: String(posted), held: String(held), positionBase: String(positionBase), hasEntries };
}

function newTransferOf(transfer: Transfer): object {
  return {
    ...outcomeOf(transfer),
    debitAccount: transfer.debitAccount,
    creditAccount: transfer.creditAccount,
    amount: String(transfer.amount),
    debitMemo: transfer.debitMemo ?? undefined,
    creditMemo: transfer.creditMemo ?? undefined,
    additionalInfo: transfer.additionalInfo ?? undefined,
    executionCondition: transfer.executionCondition ?? undefined,
    cancellationCondition: transfer.cancellationCondition ?? undefined,
    expiresAt: transfer.expiresAt ?? undefined,
    proposedAt: transfer.proposedAt,
  };
}

/** The columns of a transfer that change after it is inserted. What is null is left out, and read as null. */
function outcomeOf(transfer: Transfer): object {
  return {
    id: transfer.id,
    state: transfer.state,
    openUntil: transfer.openUntil ?? undefined,
    authorized: transfer.authorized,
    preparedAt: transfer.preparedAt ?? undefined,
    executedAt: transfer.executedAt ?? undefined,
    rejectedAt: transfer.rejectedAt ?? undefined,
    rejectionReason: transfer.rejectionReason ?? undefined,
    rejectionMessage: transfer.rejectionMessage ?? undefined,
    fulfillment: transfer.fulfillment ?? undefined,
  };
}
