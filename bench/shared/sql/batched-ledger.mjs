// @ts-check
/** Writes the naive ledger's tables by set-based statements: many transfers share a transaction. */

const LOCK = `
  SELECT name, posted - held AS available FROM naive.accounts WHERE name = ANY($1::text[]) ORDER BY name FOR UPDATE`;
const INSERT_TRANSFERS = `
  INSERT INTO naive.transfers
    (id, debit_account, credit_account, amount, credit_memo, execution_condition, expires_at, state)
  SELECT id, payer, payee, 1, memo, condition, expires_at, 'prepared'
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::text[], $6::timestamptz[])
    AS transfer (id, payer, payee, memo, condition, expires_at)`;
const INSERT_HOLDS =
  'INSERT INTO naive.holds SELECT id, payer, 1 FROM unnest($1::uuid[], $2::text[]) AS hold (id, payer)';
const HOLD = `
  UPDATE naive.accounts SET held = accounts.held + change.amount
  FROM (SELECT name, count(*) AS amount FROM unnest($1::text[]) AS name GROUP BY name) AS change
  WHERE accounts.name = change.name`;
const EXECUTE = `
  UPDATE naive.transfers SET state = 'executed', executed_at = now(), fulfillment = done.fulfillment
  FROM unnest($1::uuid[], $2::text[]) AS done (id, fulfillment)
  WHERE transfers.id = done.id AND state = 'prepared'`;
const DELETE_HOLDS = 'DELETE FROM naive.holds WHERE transfer_id = ANY($1::uuid[])';
const BOOK = `
  UPDATE naive.accounts SET posted = accounts.posted + change.posted, held = accounts.held - change.held
  FROM (
    SELECT name, sum(posted) AS posted, sum(held) AS held FROM (
      SELECT name, -1 AS posted, 1 AS held FROM unnest($1::text[]) AS name
      UNION ALL SELECT name, 1, 0 FROM unnest($2::text[]) AS name
    ) AS side GROUP BY name
  ) AS change
  WHERE accounts.name = change.name`;
const INSERT_ENTRIES = `
  INSERT INTO naive.entries (transfer_id, account, amount, balance)
  SELECT transfer_id, account, amount,
    posted - sum(amount) OVER (PARTITION BY account)
      + sum(amount) OVER (PARTITION BY account ORDER BY position, amount ROWS UNBOUNDED PRECEDING)
  FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS transfer (transfer_id, payer, payee, position)
  CROSS JOIN LATERAL (VALUES (payer, -1), (payee, 1)) AS side (account, amount)
  JOIN naive.accounts ON name = account
  ORDER BY position, amount`;

async function run(client, name, text, values) {
  return (await client.query({ name, text, values })).rows;
}

/** Prepares all these transfers in one transaction. */
export async function prepareBatch(client, transfers) {
  const ids = transfers.map(({ id }) => id);
  const payers = transfers.map(({ payer }) => payer);
  await client.query('BEGIN');
  const accounts = await run(client, 'lock-all', LOCK, [[...new Set(payers)]]);
  const available = new Map(accounts.map((account) => [account.name, Number(account.available)]));
  for (const payer of payers) {
    const left = available.get(payer) - 1;
    if (!(left >= 0)) throw new Error('insufficient funds');
    available.set(payer, left);
  }
  await run(client, 'insert-transfers', INSERT_TRANSFERS, [
    ids,
    payers,
    transfers.map(({ payee }) => payee),
    transfers.map(({ memo }) => memo),
    transfers.map(({ condition }) => condition),
    transfers.map(({ expiresAt }) => expiresAt),
  ]);
  await run(client, 'insert-holds', INSERT_HOLDS, [ids, payers]);
  await run(client, 'hold-all', HOLD, [payers]);
  await client.query('COMMIT');
}

/** Executes all these transfers in one transaction. */
export async function fulfilBatch(client, transfers) {
  const ids = transfers.map(({ id }) => id);
  const payers = transfers.map(({ payer }) => payer);
  const payees = transfers.map(({ payee }) => payee);
  await client.query('BEGIN');
  await run(client, 'lock-all', LOCK, [[...new Set([...payers, ...payees])]]);
  await run(client, 'execute-all', EXECUTE, [ids, transfers.map(({ fulfillment }) => fulfillment)]);
  await run(client, 'delete-holds', DELETE_HOLDS, [ids]);
  await run(client, 'book-all', BOOK, [payers, payees]);
  await run(client, 'insert-all-entries', INSERT_ENTRIES, [ids, payers, payees]);
  await client.query('COMMIT');
}
