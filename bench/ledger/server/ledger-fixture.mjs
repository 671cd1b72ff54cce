// @ts-check
/**
 * Ledgers with a history, filled by SQL and kept as templates; and the check of a ledger's books. The only file of the
 * benchmark that knows the ledger's own tables.
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

/** Condition of the preimage 00..1f. */
const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
/** Memo with a packet of 400 bytes. */
const MEMO = JSON.stringify({ ilp: 'A'.repeat(534) });
const OPENING_BALANCE = 100_000_000;

/**
 * SQL that makes customers with an opening balance, merchants, and executed transfers between them, all in the order of
 * `number`.
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

/** Digest of the schema and of the statements that fill it. */
function fingerprint() {
  const digest = createHash('sha256').update(readFileSync(import.meta.filename));
  for (const migration of LEDGER_MIGRATIONS) digest.update(String(migration));
  return digest.digest('hex').slice(0, 12);
}

/** Opens a database with the ledger's tables; makes them if they are missing. */
function openLedgerDatabase(databaseUrl) {
  return openDatabase({
    settings: { databaseUrl, databaseSchema: LEDGER_SCHEMA, databasePoolSize: 1 },
    entities: LEDGER_ENTITIES,
    migrations: LEDGER_MIGRATIONS,
  });
}

/** @throws Error if an invariant of the books does not hold */
export async function assertInvariants(databaseUrl) {
  const dataSource = await openLedgerDatabase(databaseUrl);
  try {
    const violations = await checkInvariants(dataSource);
    if (violations.length === 0) return;
    throw new Error(`invariants of the books do not hold: ${JSON.stringify(violations.slice(0, 3))}`);
  } finally {
    await dataSource.destroy();
  }
}

/**
 * A database with a ledger of this size: half the accounts are customers, half are merchants, and the transfers are
 * finished. It is kept until the ledger's schema changes.
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
