import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

/** Raised on purpose, with the code of a full disk. */
const DISK_FULL = '53100';
const DEADLOCK = '40P01';
const ATTEMPTS_MAX = 10;

async function query(url: string, ...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}

/** What can happen to the database of running roles. `url` names a superuser. */
export class DatabaseFaults {
  /** `dataDir`: folder of the server, if it runs here and may be frozen. */
  constructor(
    private readonly url: string,
    private readonly dataDir?: string,
  ) {}

  private get name(): string {
    return decodeURIComponent(new URL(this.url).pathname.slice(1));
  }

  /** Breaks every connection; new ones are taken. */
  async cutConnections(): Promise<void> {
    await query(
      this.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  }

  /** Refuses writes of new transactions with 25006, of connections that are open too. */
  async makeReadOnly(isReadOnly: boolean): Promise<void> {
    const setting = isReadOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only';
    const own = 'SET default_transaction_read_only = off';
    await query(this.url, own, `ALTER DATABASE "${this.name}" ${setting}`);
    await this.cutConnections();
  }

  /** Refuses inserts and updates in one schema as a full disk does; what is there can be read. */
  async makeFull(schema: string, isFull: boolean): Promise<void> {
    const statement = isFull ? fillUp(schema) : `DROP FUNCTION IF EXISTS "${schema}".refuse_as_full() CASCADE`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await query(this.url, statement);
      } catch (error) {
        // The roles' transactions lock the same tables in another order.
        if ((error as { code?: string }).code !== DEADLOCK || attempt === ATTEMPTS_MAX) throw error;
      }
    }
  }

  /** Stops every process of the server; connections stay open and nothing is answered. */
  async freeze(): Promise<void> {
    for (const pid of await this.processes()) signal(pid, 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    for (const pid of await this.processes()) signal(pid, 'SIGCONT');
  }

  /** The postmaster and its children. */
  private async processes(): Promise<number[]> {
    if (this.dataDir === undefined) throw new Error('The folder of the server is not known');
    const postmaster = Number((await readFile(join(this.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    return [postmaster, ...children.trim().split(/\s+/).filter(Boolean).map(Number)];
  }
}

function fillUp(schema: string): string {
  return `
    CREATE OR REPLACE FUNCTION "${schema}".refuse_as_full() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '${DISK_FULL}'; END $$;
    DO $$
    DECLARE name text;
    BEGIN
      FOR name IN SELECT table_name FROM information_schema.tables
        WHERE table_schema = '${schema}' AND table_type = 'BASE TABLE'
      LOOP
        EXECUTE format(
          'CREATE TRIGGER refuse_as_full BEFORE INSERT OR UPDATE ON %I.%I
           FOR EACH STATEMENT EXECUTE FUNCTION %I.refuse_as_full()', '${schema}', name, '${schema}');
      END LOOP;
    END $$`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
