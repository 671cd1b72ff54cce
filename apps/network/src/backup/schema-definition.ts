import { StartupError } from '@level-one/platform';
import type { Queries } from './queries.js';

/** A table whose rows are kept. */
export interface KeptTable {
  name: string;
  columns: { name: string; type: string }[];
}

/** What makes a schema, as statements that run with the schema in the search path. */
export interface SchemaDefinition {
  /** Before the rows: sequences, tables, functions. */
  before: string[];
  tables: KeptTable[];
  /** After the rows: constraints, indexes, triggers. */
  after: string[];
  /** Names of sequences; their values are read with the rows. */
  sequences: string[];
}

/** Kinds of objects that roles do not make, and that a backup would lose. */
const UNKNOWN_OBJECTS = `
  SELECT 'relation ' || relname AS name FROM pg_class
  WHERE relnamespace = $1::regnamespace AND relkind NOT IN ('r', 'i', 'S', 't')
  UNION ALL
  SELECT 'type ' || typname FROM pg_type
  WHERE typnamespace = $1::regnamespace AND typtype IN ('e', 'd', 'r', 'm')
  UNION ALL
  SELECT 'policy ' || polname FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
  WHERE relnamespace = $1::regnamespace
  UNION ALL
  SELECT 'rule ' || rulename FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
  WHERE relnamespace = $1::regnamespace`;

const FUNCTIONS = `
  SELECT pg_get_functiondef(oid) AS sql FROM pg_proc
  WHERE pronamespace = $1::regnamespace AND prokind IN ('f', 'p') ORDER BY proname, oid::regprocedure::text`;

/** Sequences that are not part of an identity column. */
const SEQUENCES = `
  SELECT format('CREATE SEQUENCE %I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s', relname,
    format_type(seqtypid, NULL), seqincrement, seqmin, seqmax, seqstart, seqcache) AS sql
  FROM pg_class JOIN pg_sequence ON seqrelid = pg_class.oid
  WHERE relnamespace = $1::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass AND deptype = 'i')
  ORDER BY relname`;

const OWNED_SEQUENCES = `
  SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', owned.relname, owner.relname, attname) AS sql
  FROM pg_class AS owned
  JOIN pg_depend ON objid = owned.oid AND classid = 'pg_class'::regclass AND deptype = 'a'
  JOIN pg_class AS owner ON owner.oid = refobjid
  JOIN pg_attribute ON attrelid = owner.oid AND attnum = refobjsubid
  WHERE owned.relnamespace = $1::regnamespace AND owned.relkind = 'S'
  ORDER BY owned.relname`;

const COLUMNS = `
  SELECT relname AS "table", relpersistence AS persistence, array_to_string(reloptions, ', ') AS options, attname AS name,
    format_type(atttypid, atttypmod) AS type, attnotnull AS "isNotNull", attidentity AS identity, attgenerated AS generated,
    pg_get_expr(adbin, adrelid) AS "defaultSql"
  FROM pg_class
  JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace = $1::regnamespace AND relkind = 'r'
  ORDER BY relname, attnum`;

/** Foreign keys come last, because they need the keys of other tables. NOT NULL stands with its column. */
const CONSTRAINTS = `
  SELECT format('ALTER TABLE %I ADD CONSTRAINT %I %s', relname, conname, pg_get_constraintdef(pg_constraint.oid)) AS sql
  FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
  WHERE relnamespace = $1::regnamespace AND contype IN ('p', 'u', 'c', 'x', 'f')
  ORDER BY contype = 'f', relname, conname`;

const INDEXES = `
  SELECT pg_get_indexdef(indexrelid, 0, true) AS sql FROM pg_index
  JOIN pg_class ON pg_class.oid = indexrelid
  WHERE relnamespace = $1::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid
    AND contype IN ('p', 'u', 'x'))
  ORDER BY relname`;

const TRIGGERS = `
  SELECT pg_get_triggerdef(pg_trigger.oid, true) AS sql FROM pg_trigger
  JOIN pg_class ON pg_class.oid = tgrelid
  WHERE relnamespace = $1::regnamespace AND NOT tgisinternal ORDER BY relname, tgname`;

const SEQUENCE_NAMES = `
  SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'S' ORDER BY relname`;

interface ColumnRow {
  table: string;
  persistence: string;
  options: string | null;
  name: string;
  type: string;
  isNotNull: boolean;
  identity: '' | 'a' | 'd';
  generated: '' | 's' | 'v';
  defaultSql: string | null;
}

/** Reads what makes a schema. @throws StartupError if it has objects that a backup would lose */
export async function readDefinition(database: Queries, schema: string): Promise<SchemaDefinition> {
  const read = <T>(sql: string): Promise<T[]> => database.query<T>(sql, [quoted(schema)]);
  const unknown = await read<{ name: string }>(UNKNOWN_OBJECTS);
  if (unknown.length > 0) {
    throw new StartupError(`schema ${schema} has what no role makes: ${unknown.map(({ name }) => name).join(', ')}`);
  }
  const statements = async (sql: string): Promise<string[]> => (await read<{ sql: string }>(sql)).map((row) => row.sql);
  const columns = await read<ColumnRow>(COLUMNS);
  const tables = columnsByTable(columns);
  return {
    before: [
      ...(await statements(SEQUENCES)),
      ...[...tables].map(([name, of]) => tableSql(name, of)),
      ...(await statements(OWNED_SEQUENCES)),
      ...(await statements(FUNCTIONS)).map((sql) => unqualifiedFunction(sql, schema)),
    ],
    tables: [...tables].map(([name, of]) => ({
      name,
      columns: of
        .filter(({ generated }) => generated === '')
        .map((column) => ({ name: column.name, type: column.type })),
    })),
    after: [...(await statements(CONSTRAINTS)), ...(await statements(INDEXES)), ...(await statements(TRIGGERS))],
    sequences: (await read<{ name: string }>(SEQUENCE_NAMES)).map(({ name }) => name),
  };
}

function tableSql(name: string, columns: readonly ColumnRow[]): string {
  const [{ persistence, options }] = columns as [ColumnRow];
  const lines = columns.map(({ name: column, type, isNotNull, identity, generated, defaultSql }) => {
    const parts = [quoted(column), type];
    if (generated === 's') parts.push(`GENERATED ALWAYS AS (${defaultSql}) STORED`);
    else if (identity !== '') parts.push(`GENERATED ${identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`);
    else if (defaultSql !== null) parts.push(`DEFAULT ${defaultSql}`);
    if (isNotNull) parts.push('NOT NULL');
    return parts.join(' ');
  });
  const unlogged = persistence === 'u' ? 'UNLOGGED ' : '';
  return `CREATE ${unlogged}TABLE ${quoted(name)} (${lines.join(', ')})${options ? ` WITH (${options})` : ''}`;
}

/** A name as an identifier in SQL. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The definition of a function names the schema although it is in the search path. */
function unqualifiedFunction(sql: string, schema: string): string {
  const names = [schema, quoted(schema)].map((name) => `${name}.`);
  const [, head = '', rest = ''] = /^(CREATE OR REPLACE \w+ )([^]*)$/.exec(sql) ?? [];
  const found = names.find((name) => rest.startsWith(name));
  return found ? head + rest.slice(found.length) : sql;
}

function columnsByTable(columns: readonly ColumnRow[]): Map<string, ColumnRow[]> {
  const tables = new Map<string, ColumnRow[]>();
  for (const column of columns) tables.set(column.table, [...(tables.get(column.table) ?? []), column]);
  return tables;
}
