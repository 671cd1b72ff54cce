import { accessOf, databaseTroubleIn, DatabaseTrouble, type HotQuery, type HotStatements } from '@level-one/work';
import type { DataSource } from 'typeorm';
import { NotReadyError } from '../http/health.js';

/** Health tells of a trouble that a statement has met for at least this time. */
const TOLD_FOR_MS = 5_000;

interface Probe {
  isRecovering: boolean;
  isReadOnly: boolean;
  hasSchema: boolean;
}

/** Reads what the server is, and commits to its log unless it is read-only. */
const PROBE = `
  SELECT pg_is_in_recovery() AS "isRecovering", current_setting('transaction_read_only') = 'on' AS "isReadOnly",
    to_regnamespace($1) IS NOT NULL AS "hasSchema",
    CASE WHEN current_setting('transaction_read_only') = 'off'
      THEN pg_logical_emit_message(true, 'level-one', '') END AS written`;

/** Fails on a full disk: a new table needs a new file. A role that may not create one learns it from its next write. */
const MAY_WRITE_FILE = `SELECT has_database_privilege(current_database(), 'TEMPORARY') AS "mayWrite"`;
const WRITE_FILE = `
  CREATE TEMPORARY TABLE level_one_health ON COMMIT DROP AS
  SELECT repeat('0', 7000) AS filler FROM generate_series(1, 16)`;

/** Says whether a role can work with its database, and if not, why. */
export class DatabaseHealth {
  private readonly probe: HotQuery<Probe>;
  private running: Promise<void> | undefined;
  private wasFull = false;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    this.probe = statements.prepare<Probe>(PROBE);
  }

  /** @throws NotReadyError */
  check(): Promise<void> {
    this.running ??= this.checkNow().finally(() => (this.running = undefined));
    return this.running;
  }

  private async checkNow(): Promise<void> {
    const access = accessOf(this.dataSource);
    const { latestTrouble } = access;
    const isRecent = latestTrouble !== undefined && performance.now() - latestTrouble.at < TOLD_FOR_MS;
    if (latestTrouble && isRecent) {
      this.wasFull ||= latestTrouble.trouble === DatabaseTrouble.Full;
      throw new NotReadyError(latestTrouble.trouble);
    }
    try {
      if (this.wasFull) await this.writeFile();
      this.wasFull = false;
      const [row] = await this.probe(access.schema);
      const trouble = row && troubleOf(row);
      if (!trouble) return;
      access.renew();
      throw new NotReadyError(trouble);
    } catch (error) {
      if (error instanceof NotReadyError) throw error;
      throw new NotReadyError(databaseTroubleIn(error) ?? 'fails', error);
    }
  }

  private async writeFile(): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [right]: { mayWrite: boolean }[] = await manager.query(MAY_WRITE_FILE);
      if (right?.mayWrite) await manager.query(WRITE_FILE);
    });
  }
}

function troubleOf({ isRecovering, isReadOnly, hasSchema }: Probe): DatabaseTrouble | undefined {
  if (isRecovering) return DatabaseTrouble.Starting;
  if (isReadOnly) return DatabaseTrouble.ReadOnly;
  return hasSchema ? undefined : DatabaseTrouble.OtherSchema;
}
