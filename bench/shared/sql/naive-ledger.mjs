// @ts-check
/**
 * The same two-phase double entry in its simplest form: one transaction per phase that locks the account's row. It has
 * no foreign keys, events or API, so it does less than the ledger: a lower bound to compare with.
 */

export const NAIVE_SCHEMA = `
  CREATE SCHEMA naive;
  CREATE TABLE naive.accounts (
    name text PRIMARY KEY,
    posted bigint NOT NULL,
    held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    CHECK (posted - held >= 0)
  );
  CREATE TABLE naive.transfers (
    id uuid PRIMARY KEY,
    debit_account text NOT NULL,
    credit_account text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    credit_memo json NOT NULL,
    execution_condition text NOT NULL,
    expires_at timestamptz NOT NULL,
    state text NOT NULL,
    prepared_at timestamptz NOT NULL DEFAULT now(),
    executed_at timestamptz,
    fulfillment text
  );
  CREATE TABLE naive.holds (
    transfer_id uuid PRIMARY KEY,
    account text NOT NULL,
    amount bigint NOT NULL
  );
  CREATE TABLE naive.entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id uuid NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    balance bigint NOT NULL,
    booked_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX entries_by_account ON naive.entries (account, id);

  CREATE FUNCTION naive.prepare(
    transfer_id uuid, payer text, payee text, value bigint, memo json, condition text, expiry timestamptz
  ) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM naive.accounts WHERE name = payer AND posted - held >= value FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'insufficient funds'; END IF;
    INSERT INTO naive.transfers
      (id, debit_account, credit_account, amount, credit_memo, execution_condition, expires_at, state)
    VALUES (transfer_id, payer, payee, value, memo, condition, expiry, 'prepared');
    INSERT INTO naive.holds VALUES (transfer_id, payer, value);
    UPDATE naive.accounts SET held = held + value WHERE name = payer;
  END $$;

  CREATE FUNCTION naive.fulfil(transfer uuid, preimage text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    payer text;
    payee text;
    value bigint;
    payer_posted bigint;
    payee_posted bigint;
  BEGIN
    UPDATE naive.transfers SET state = 'executed', executed_at = now(), fulfillment = preimage
      WHERE id = transfer AND state = 'prepared'
      RETURNING debit_account, credit_account, amount INTO payer, payee, value;
    IF NOT FOUND THEN RAISE EXCEPTION 'not prepared'; END IF;
    DELETE FROM naive.holds WHERE transfer_id = transfer;
    UPDATE naive.accounts SET posted = posted - value, held = held - value WHERE name = payer
      RETURNING posted INTO payer_posted;
    UPDATE naive.accounts SET posted = posted + value WHERE name = payee RETURNING posted INTO payee_posted;
    INSERT INTO naive.entries (transfer_id, account, amount, balance)
      VALUES (transfer, payer, -value, payer_posted), (transfer, payee, value, payee_posted);
  END $$`;

export const OPEN_NAIVE_ACCOUNTS = `
  INSERT INTO naive.accounts (name, posted) SELECT name, 1000000000000 FROM unnest($1::text[]) AS name`;

const LOCK = 'SELECT posted - held AS available FROM naive.accounts WHERE name = $1 FOR UPDATE';
const INSERT_TRANSFER = `
  INSERT INTO naive.transfers
    (id, debit_account, credit_account, amount, credit_memo, execution_condition, expires_at, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'prepared')`;
const INSERT_HOLD = 'INSERT INTO naive.holds VALUES ($1, $2, $3)';
const HOLD = 'UPDATE naive.accounts SET held = held + $2 WHERE name = $1';
const EXECUTE = `
  UPDATE naive.transfers SET state = 'executed', executed_at = now(), fulfillment = $2
  WHERE id = $1 AND state = 'prepared' RETURNING debit_account, credit_account, amount`;
const DELETE_HOLD = 'DELETE FROM naive.holds WHERE transfer_id = $1';
const DEBIT = 'UPDATE naive.accounts SET posted = posted - $2, held = held - $2 WHERE name = $1 RETURNING posted';
const CREDIT = 'UPDATE naive.accounts SET posted = posted + $2 WHERE name = $1 RETURNING posted';
const INSERT_ENTRIES = `
  INSERT INTO naive.entries (transfer_id, account, amount, balance) VALUES ($1, $2, $3, $4), ($1, $5, $6, $7)`;

const AMOUNT = 1;

/** Runs one statement as a prepared one. */
async function run(client, name, text, values) {
  return (await client.query({ name, text, values })).rows;
}

async function inTransaction(client, work) {
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
}

/** Each phase is a transaction of several statements. */
export const byStatements = {
  prepare: (client, { id, payer, payee, memo, condition, expiresAt }) =>
    inTransaction(client, async () => {
      const [account] = await run(client, 'lock', LOCK, [payer]);
      if (Number(account.available) < AMOUNT) throw new Error('insufficient funds');
      await run(client, 'insert-transfer', INSERT_TRANSFER, [id, payer, payee, AMOUNT, memo, condition, expiresAt]);
      await run(client, 'insert-hold', INSERT_HOLD, [id, payer, AMOUNT]);
      await run(client, 'hold', HOLD, [payer, AMOUNT]);
    }),

  fulfil: (client, { id, fulfillment }) =>
    inTransaction(client, async () => {
      const [transfer] = await run(client, 'execute', EXECUTE, [id, fulfillment]);
      const { debit_account: payer, credit_account: payee, amount } = transfer;
      await run(client, 'delete-hold', DELETE_HOLD, [id]);
      const [debited] = await run(client, 'debit', DEBIT, [payer, amount]);
      const [credited] = await run(client, 'credit', CREDIT, [payee, amount]);
      await run(client, 'insert-entries', INSERT_ENTRIES, [
        id,
        payer,
        -amount,
        debited.posted,
        payee,
        amount,
        credited.posted,
      ]);
    }),
};

/** Each phase is one call of a stored function, in a transaction of its own. */
export const byFunctions = {
  prepare: (client, { id, payer, payee, memo, condition, expiresAt }) =>
    run(client, 'call-prepare', 'SELECT naive.prepare($1, $2, $3, $4, $5, $6, $7)', [
      id,
      payer,
      payee,
      AMOUNT,
      memo,
      condition,
      expiresAt,
    ]),
  fulfil: (client, { id, fulfillment }) => run(client, 'call-fulfil', 'SELECT naive.fulfil($1, $2)', [id, fulfillment]),
};
