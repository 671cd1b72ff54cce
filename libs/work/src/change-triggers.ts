/**
 * SQL that tells all instances of a change of a table when its transaction commits: `NOTIFY` on the channel named like
 * the schema. The message is the name of the table, or with `key` the name and the value of that column in each changed
 * row.
 */
export function notifyChangesOf(table: string, key?: string): string[] {
  const perTable = `FOR EACH STATEMENT EXECUTE FUNCTION notify_of_change()`;
  return [
    CREATE_NOTIFY_OF_CHANGE,
    ...(key === undefined
      ? [
          `CREATE TRIGGER ${table}_notify_of_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} ${perTable}`,
        ]
      : [
          `CREATE TRIGGER ${table}_notify_of_change AFTER INSERT OR UPDATE OR DELETE ON ${table}
           FOR EACH ROW EXECUTE FUNCTION notify_of_change('${key}')`,
          `CREATE TRIGGER ${table}_notify_of_truncate AFTER TRUNCATE ON ${table} ${perTable}`,
        ]),
  ];
}

/** SQL that undoes {@link notifyChangesOf}. The function stays, because other tables of the schema may use it. */
export function forgetChangesOf(table: string): string[] {
  return ['change', 'truncate'].map((what) => `DROP TRIGGER IF EXISTS ${table}_notify_of_${what} ON ${table}`);
}

/** PostgreSQL refuses messages of 8,000 bytes; for a long key the name of the table stands for all its rows. */
const CREATE_NOTIFY_OF_CHANGE = `
  CREATE OR REPLACE FUNCTION notify_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    changed jsonb;
    key text;
  BEGIN
    IF TG_NARGS = 0 THEN
      PERFORM pg_notify(TG_TABLE_SCHEMA, TG_TABLE_NAME);
      RETURN NULL;
    END IF;
    FOREACH changed IN ARRAY ARRAY[to_jsonb(OLD), to_jsonb(NEW)] LOOP
      key := changed ->> TG_ARGV[0];
      IF key IS NOT NULL THEN
        PERFORM pg_notify(TG_TABLE_SCHEMA, TG_TABLE_NAME || CASE WHEN length(key) > 1000 THEN '' ELSE ' ' || key END);
      END IF;
    END LOOP;
    RETURN NULL;
  END $$`;
