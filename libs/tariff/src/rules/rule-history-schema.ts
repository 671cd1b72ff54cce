/** SQL that makes versions in `table` immutable: no delete, and no update except an earlier `valid_to`. */
export function keepHistoryOf(table: string): string[] {
  return [
    `CREATE TRIGGER ${table}_keep_history BEFORE UPDATE OR DELETE ON ${table}
     FOR EACH ROW EXECUTE FUNCTION keep_rule_history()`,
    `CREATE TRIGGER ${table}_are_kept BEFORE TRUNCATE ON ${table}
     FOR EACH STATEMENT EXECUTE FUNCTION keep_rule_history()`,
  ];
}

export const CREATE_KEEP_RULE_HISTORY = `
  CREATE FUNCTION keep_rule_history() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'UPDATE' THEN
      IF to_jsonb(NEW) - 'valid_to' = to_jsonb(OLD) - 'valid_to'
        AND NEW.valid_to <= coalesce(OLD.valid_to, 'infinity') THEN
        RETURN NEW;
      END IF;
    END IF;
    RAISE EXCEPTION 'Rules keep their history: only valid_to can be brought forward';
  END $$`;
