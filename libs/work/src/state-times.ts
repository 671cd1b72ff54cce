/** Changes that a row keeps at most: its first one, and the last ones. */
const KEPT_MAX = 40;

/** A change of a row, as `state_times` has it. */
export interface StateTime {
  /** ISO 8601 with a time zone. */
  at: string;
  from: string | null;
  /** The same as `from` for an attempt. */
  to: string | null;
  /** Attempts so far. */
  attempts?: number;
  /** Id of the error of the last attempt that failed. */
  error?: string | null;
}

/** A table whose rows keep when they changed. All names are of columns. */
export interface TimedTable {
  table: string;
  /** The state. */
  state: string;
  /** How often something was tried; each attempt is kept as well. */
  attempts?: string;
  /** Id of the error of the last attempt. */
  error?: string;
}

/**
 * SQL that adds the column `state_times` to a table. A trigger writes each change of the state into it, with its time, in
 * the statement that makes the change, also for an instance of the release before. Rows from before have null.
 */
export function keepStateTimesOf({ table, state, attempts, error }: TimedTable): string[] {
  const members = [
    `'at', clock_timestamp(), 'from', OLD.${state}, 'to', NEW.${state}`,
    ...(attempts === undefined ? [] : [`'attempts', NEW.${attempts}`]),
    ...(error === undefined ? [] : [`'error', NEW.${error}`]),
  ];
  const changed = [state, attempts].filter((column) => column !== undefined);
  const has = changed.map((column) => `OLD.${column} IS DISTINCT FROM NEW.${column}`).join(' OR ');
  return [
    `ALTER TABLE ${table} ADD COLUMN state_times jsonb`,
    `CREATE FUNCTION keep_state_times_of_${table}() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.state_times := coalesce(OLD.state_times, '[]') || jsonb_build_object(${members.join(', ')});
       IF jsonb_array_length(NEW.state_times) > ${KEPT_MAX} THEN
         NEW.state_times := NEW.state_times - 1;
       END IF;
       RETURN NEW;
     END $$`,
    `CREATE TRIGGER ${table}_state_times BEFORE UPDATE ON ${table} FOR EACH ROW WHEN (${has})
     EXECUTE FUNCTION keep_state_times_of_${table}()`,
  ];
}

/** SQL that undoes {@link keepStateTimesOf}. */
export function forgetStateTimesOf(table: string): string[] {
  return [
    `DROP TRIGGER ${table}_state_times ON ${table}`,
    `DROP FUNCTION keep_state_times_of_${table}()`,
    `ALTER TABLE ${table} DROP COLUMN state_times`,
  ];
}
