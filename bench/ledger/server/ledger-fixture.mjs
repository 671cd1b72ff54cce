// @ts-check
/**
 * Ledgers that have a past, filled by SQL and kept as templates; and whether a ledger's books are in order.
 * The only file of the benchmark that knows the ledger's own tables.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  checkInvariants,
  ISSUANCE_ACCOUNT,
  LEDGER_ENTITIES,
  LEDGER_MIGRATIONS,
} from '../../../dist/libs/ledger/src/index.js';
import { openDatabase } from '../../../dist/libs/platform/src/index.js';
import { LEDGER_SCHEMA } from './ledger-server.mjs';
import { say } from '../../shared/report.mjs';

const PREFIX = 'bench_filled_';
const MAKING = 'bench_making';

/** The preimage 00..1f. */
const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
/** As long as a packet of 400 bytes. */
const MEMO = JSON.stringify({ ilp: 'A'.repeat(534) });
const OPENING_BALANCE = 100_000_000;

/**
 * Customers that were given their opening balance, merchants, and transfers between them that were prepared and
 * executed. The order of `number` is the order of everything.
 */
function fillStatements({ accounts, transfers }) {
  const customers = accounts / 2;
  const debitAndCredit = 'CROSS JOIN LATERAL (VALUES (payer, -amount), (payee, amount)) AS side (account, change)';
  return [
    // Foreign keys would be checked row by row; the invariants are checked at the end.
    'SET session_replication_role = replica',
    `SET work_mem = '256MB'`,
    `CREATE TEMP TABLE filled AS
      SELECT number, gen_random_uuid() AS id, '${ISSUANCE_ACCOUNT}' AS payer, 'customer-' || number AS payee,
        ${OPENING_BALANCE}::bigint AS amount, false AS conditional, now() - interval '30 days' AS at
      FROM generate_series(0, ${customers - 1}) AS number
      UNION ALL
      SELECT ${customers} + number, gen_random_uuid(), 'customer-' || number * 7919 % ${customers},
        'merchant-' || number * 104729 % ${customers}, 1 + number % 1000, true,
        now() - interval '29 days' + number * interval '100 ms'
      FROM generate_series(0, ${transfers - 1}::bigint) AS number`,
    `INSERT INTO transfers (
        id, debit_account, credit_account, amount, credit_memo, execution_condition, expires_at, state, authorized,
        proposed_at, prepared_at, executed_at, fulfillment)
      SELECT id, payer, payee, amount, CASE WHEN conditional THEN '${MEMO}'::json END,
        CASE WHEN conditional THEN '${CONDITION}' END, CASE WHEN conditional THEN at + interval '1 minute' END,
        'executed', true, at, at, at + interval '50 ms', CASE WHEN conditional THEN '${FULFILLMENT}' END
      FROM filled ORDER BY number`,
    `INSERT INTO entries (transfer_id, account, amount, balance, booked_at, kind)
      SELECT id, account, change, sum(change) OVER (PARTITION BY account ORDER BY number), at + interval '50 ms',
        CASE WHEN conditional THEN 'transfer' ELSE 'issuance' END
      FROM filled ${debitAndCredit} ORDER BY number, change`,
    `INSERT INTO accounts (
        name, posted, held, position_base, minimum_allowed_balance, is_disabled, rights, account_type, direct_use, has_entries)
      SELECT account, sum(change), 0, coalesce(sum(change) FILTER (WHERE NOT conditional), 0),
        CASE WHEN account <> '${ISSUANCE_ACCOUNT}' THEN 0 END, false, '{}',
        CASE WHEN account <> '${ISSUANCE_ACCOUNT}' THEN 'mw' ELSE 'issuance' END, account <> '${ISSUANCE_ACCOUNT}', true
      FROM filled ${debitAndCredit} GROUP BY account`,
    `INSERT INTO events (sequence, id, transfer_id, state, from_account, to_account)
      SELECT row_number() OVER (ORDER BY number, state DESC), gen_random_uuid(), id, state, payer, payee
      FROM filled CROSS JOIN LATERAL (VALUES ('prepared'), ('executed')) AS event (state)
      WHERE conditional OR state = 'executed'`,
    'UPDATE ledger_head SET last_sequence = (SELECT max(sequence) FROM events)',
    'DROP TABLE filled',
    'RESET session_replication_role',
    'VACUUM (FREEZE, ANALYZE)',
  ];
}

/** Changes with the schema and with what is filled into it. */
function fingerprint() {
  const digest = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const migration of LEDGER_MIGRATIONS) digest.update(String(migration));
  return digest.digest('hex').slice(0, 12);
}

/** The ledger's tables in a database, made when they are missing. */
function openLedgerDatabase(databaseUrl) {
  return openDatabase({
    settings: { databaseUrl, databaseSchema: LEDGER_SCHEMA, databasePoolSize: 1 },
    entities: LEDGER_ENTITIES,
    migrations: LEDGER_MIGRATIONS,
  });
}

/** @throws Error when anything is not as it must always be */
export async function assertInvariants(databaseUrl) {
  const dataSource = await openLedgerDatabase(databaseUrl);
  try {
    const violations = await checkInvariants(dataSource);
    if (violations.length === 0) return;
    throw new Error(`the books are not in order: ${JSON.stringify(violations.slice(0, 3))}`);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * A database with a ledger that has so many accounts, half of them customers and half merchants, and so many finished
 * transfers between them. It is kept until the ledger's schema changes.
 *
 * @param {import('../../shared/postgres.mjs').Postgres} postgres
 * @param {{ accounts: number, transfers: number }} size
 * @returns {Promise<string>} its name, to copy from
 */
export async function filledLedger(postgres, size) {
  const ours = `${PREFIX}${fingerprint()}_`;
  const kept = await postgres.databasesLike(PREFIX);
  for (const database of kept) if (!database.startsWith(ours)) await postgres.dropDatabase(database);
  const name = `${ours}${size.accounts}_${size.transfers}`;
  if (kept.includes(name)) return name;

  const begun = performance.now();
  say(`\nfilling a ledger with ${size.accounts} accounts and ${size.transfers} transfers, once …`);
  await postgres.createDatabase(MAKING);
  const dataSource = await openLedgerDatabase(postgres.urlOf(MAKING));
  try {
    for (const statement of fillStatements(size)) await dataSource.query(statement);
  } finally {
    await dataSource.destroy();
  }
  await assertInvariants(postgres.urlOf(MAKING));
  await postgres.renameDatabase(MAKING, name);
  say(`filled and its invariants checked in ${Math.round((performance.now() - begun) / 1_000)} s`);
  return name;
}

/** Number of the newest event. */
export async function lastSequence(postgres, database) {
  return postgres.connected(database, async (client) => {
    const { rows } = await client.query(`SELECT last_sequence FROM "${LEDGER_SCHEMA}".ledger_head`);
    return Number(rows[0].last_sequence);
  });
}
