// @ts-check
/** Copies the rows that a payment has left, many times, each with ids of its own. */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Time between two copies, in seconds. */
const APART_S = 10;

/** Tables of all roles. Those of a role are in a schema of its own. */
const TABLES = `
  SELECT format('%I.%I', table_schema, table_name) AS name, table_schema AS schema, table_name AS "table"
  FROM information_schema.tables
  WHERE table_schema ~ '^(dfsp1|dfsp2|central)_' AND table_type = 'BASE TABLE' AND table_name <> 'migrations'
  ORDER BY 1`;
/** Columns of a table. Numbered are those whose values the database makes. */
const COLUMNS = `
  SELECT
    attname AS name, format_type(atttypid, atttypmod) AS type,
    attidentity <> '' OR coalesce(pg_get_expr(adbin, adrelid) LIKE 'nextval%', false) AS "isNumbered",
    EXISTS (
      SELECT FROM pg_index WHERE indrelid = attrelid AND indisunique AND indnatts = 1 AND indkey[0] = attnum
    ) AS "isUnique"
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

/**
 * @typedef {import('pg').ClientBase} Client
 * @typedef {{ name: string, type: string, isNumbered: boolean, isUnique: boolean }} Column
 * @typedef {Record<string, string | null>} Row values as texts
 * @typedef {{ name: string, schema: string, table: string, columns: Column[], rows: Row[] }} TableRows
 */

/**
 * Rows of all tables.
 * @param {Client} client
 * @returns {Promise<Map<string, TableRows>>} by name of the table, with its schema
 */
export async function readTables(client) {
  const found = new Map();
  const { rows: tables } = await client.query(TABLES);
  for (const table of tables) {
    const { rows: columns } = await client.query(COLUMNS, [table.name]);
    const texts = columns.map(({ name }) => `"${name}"::text AS "${name}"`).join(', ');
    const { rows } = await client.query(`SELECT ${texts} FROM ${table.name}`);
    found.set(table.name, { ...table, columns, rows });
  }
  return found;
}

/**
 * Rows in `after` with a key that no row in `before` has.
 * @param {Map<string, TableRows>} before
 * @param {Map<string, TableRows>} after
 * @returns {TableRows[]}
 */
export function newRows(before, after) {
  return [...after.values()]
    .map((table) => {
      const known = new Set(before.get(table.name)?.rows.map((row) => keyOf(row, table)));
      return { ...table, rows: table.rows.filter((row) => !known.has(keyOf(row, table))) };
    })
    .filter(({ rows }) => rows.length > 0);
}

/** What tells a row from others: a unique column, else all columns but amounts and times. */
function keyOf(row, { columns }) {
  const unique = columns.find(({ isUnique }) => isUnique);
  const names = unique ? [unique] : columns.filter(({ type }) => /^(text|uuid|date|integer)/.test(type));
  return JSON.stringify(names.map(({ name }) => row[name]));
}

/**
 * Copies rows of one payment. Ids become those of the copy, people take turns, times go into the past.
 *
 * @param {Client} client
 * @param {TableRows} table
 * @param {{ count: number, people: [name: string, expression: string][] }} wanted people as texts, with the SQL of
 *   those who take their places in copy `n`
 * @returns {Promise<number>} how many rows were copied
 */
export async function copyRows(client, table, { count, people }) {
  const copied = table.columns.filter(({ isNumbered }) => !isNumbered);
  const names = copied.map(({ name }) => `"${name}"`).join(', ');
  const number = copied.find(({ type, isUnique }) => isUnique && /^(bigint|integer)$/.test(type));
  const { rows } = await client.query(
    number ? `SELECT max("${number.name}") AS last FROM ${table.name}` : 'SELECT 0 AS last',
  );
  const last = BigInt(rows[0].last);
  let made = 0;
  for (const [index, row] of table.rows.entries()) {
    const values = copied.map((column) => {
      if (column === number) return `${last + 1n + BigInt(index)} + (n - 1) * ${table.rows.length}`;
      return copiedValue(column, row[column.name], { count, people });
    });
    const { rowCount } = await client.query(
      `INSERT INTO ${table.name} (${names}) SELECT ${values.join(', ')} FROM generate_series(1, ${count}) AS n
       ON CONFLICT DO NOTHING`,
    );
    made += rowCount ?? 0;
  }
  return made;
}

/** SQL of a value in copy `n`. */
function copiedValue({ type }, value, { count, people }) {
  if (value === null || value === undefined) return 'NULL';
  if (type.startsWith('timestamp')) return `${literal(value)}::${type} - (${count} - n) * interval '${APART_S} s'`;
  /** @type {[string, string][]} */
  const ids = [...new Set(value.match(UUID) ?? [])].map((id) => [id, `md5('${id}' || n)::uuid::text`]);
  const replaced = [...ids, ...people.filter(([name]) => value.includes(name))];
  const text = replaced.reduce((sql, [from, to]) => `replace(${sql}, ${literal(from)}, ${to})`, literal(value));
  return `(${text})::${type}`;
}

/** @param {string} text */
function literal(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
