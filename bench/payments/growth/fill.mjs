// @ts-check
/** Fills the database of a network with finished payments: copies of what real ones have left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { copyRows, newRows, readTables } from './row-copies.mjs';

const RESTS_WITHIN_MS = 60_000;
const LOOK_INTERVAL_MS = 200;
const OPEN = new Set(['pending', 'approved', 'proposed', 'prepared', 'reserved', 'settingUp', 'paying']);
/** Tables that count what payments add up to: they have no row for each payment. */
const SUMS = new Set(['limit_usage']);
const CURSORS = 'subscription_cursors';
/** Rows of a role itself, and what is forgotten after minutes. */
const NOT_COPIED = new Set([CURSORS, 'used_signatures']);

/**
 * @typedef {import('pg').ClientBase} Client
 * @typedef {import('./row-copies.mjs').TableRows} TableRows
 */

/**
 * Makes a payment, and answers the rows that it has left.
 * @param {Client} client
 * @param {() => Promise<void>} pay
 */
export async function rowsOfPayment(client, pay) {
  const before = await readTables(client);
  await pay();
  const until = performance.now() + RESTS_WITHIN_MS;
  for (;;) {
    const tables = await readTables(client);
    const left = newRows(before, tables).filter(({ table }) => !NOT_COPIED.has(table));
    const isAtRest = [...tables.values()].every((table) => isRead(table, tables)) && !left.some(isOpen);
    if (isAtRest) return left;
    if (performance.now() > until) throw new Error('a payment did not come to rest');
    await sleep(LOOK_INTERVAL_MS);
  }
}

/** Whether its subscribers have read every event. @param {TableRows} table @param {Map<string, TableRows>} tables */
function isRead({ schema, table, rows }, tables) {
  if (table !== CURSORS) return true;
  const ledgers = schema.endsWith('ilp_connector') ? 2 : 1;
  return (
    rows.length === ledgers &&
    rows.every(({ name, sequence }) => sequence === tables.get(headOf(schema, name))?.rows[0]?.['last_sequence'])
  );
}

/** Whether rows of a payment may still change. @param {TableRows} table */
function isOpen({ table, rows }) {
  if (table === 'events') return false;
  if (table === 'holds') return rows.length > 0;
  if (table === 'issued_payments') return rows.some((row) => row['told_at'] === null);
  return rows.some(({ status, state }) => OPEN.has(status ?? state ?? ''));
}

/** The head of the ledger whose events a cursor counts. */
function headOf(schema, cursor) {
  const [dfsp] = schema.split('_');
  return cursor === 'central-ledger' ? 'central_central_ledger.ledger_head' : `${dfsp}_dfsp_ledger.ledger_head`;
}

/**
 * Copies each payment `count` times, for a network that does not run.
 * @param {Client} client
 * @param {TableRows[][]} payments
 * @param {{ count: number, people: [string, string][] }} wanted
 * @throws Error if a table takes other rows than one for each of each payment
 */
export async function copyPayments(client, payments, wanted) {
  for (const tables of payments) {
    for (const table of tables) {
      const expected = table.rows.length * wanted.count;
      const made = await copyRows(client, table, wanted);
      if (made !== expected && !SUMS.has(table.table)) {
        throw new Error(`${table.name} took ${made} of ${expected} copied rows`);
      }
    }
  }
  await moveHeads(client);
}

/** Ledgers go on behind the copied events, and all subscribers have read them. */
async function moveHeads(client) {
  const { rows } = await client.query(
    `SELECT table_schema AS schema, table_name AS "table" FROM information_schema.tables
     WHERE table_name IN ('ledger_head', 'subscription_cursors') AND table_schema ~ '^(dfsp1|dfsp2|central)_'
     ORDER BY table_name`,
  );
  for (const { schema, table } of rows) {
    if (table === 'ledger_head') {
      const last = `(SELECT max(sequence) FROM ${schema}.events)`;
      await client.query(`UPDATE ${schema}.ledger_head SET last_sequence = ${last}, writes = writes + 1`);
    } else {
      const { rows: cursors } = await client.query(`SELECT name FROM ${schema}.subscription_cursors`);
      for (const { name } of cursors) {
        const last = `(SELECT last_sequence FROM ${headOf(schema, name)})`;
        await client.query(`UPDATE ${schema}.subscription_cursors SET sequence = ${last} WHERE name = $1`, [name]);
      }
    }
  }
}
