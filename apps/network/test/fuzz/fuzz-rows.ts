import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

/** Rows that tell how far a role has read, that it runs, and which signatures came. */
const OF_THE_ROLES_THEMSELVES = /subscription_cursors|heartbeat|downtime|used_signatures/;
const PAUSE_MS = 150;
const READS_MAX = 100;

export type Digests = ReadonlyMap<string, string>;

/** What all roles of a network have stored. */
export class NetworkRows {
  private constructor(
    private readonly client: Client,
    private readonly sql: string,
  ) {}

  static async open(databaseUrl: string): Promise<NetworkRows> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const digests = rows
      .filter(({ name }) => !OF_THE_ROLES_THEMSELVES.test(name))
      .map(
        ({ name }) =>
          `SELECT '${name}' AS name, md5(string_agg(line, '' ORDER BY line)) AS digest
           FROM (SELECT one::text AS line FROM ${name} AS one) AS lines`,
      );
    return new NetworkRows(client, digests.join(' UNION ALL '));
  }

  /** A digest of each table. */
  async read(): Promise<Digests> {
    const { rows } = await this.client.query<{ name: string; digest: string | null }>(this.sql);
    return new Map(rows.map(({ name, digest }) => [name, digest ?? '']));
  }

  /** Reads until nothing changes any more. */
  async readWhenQuiet(): Promise<Digests> {
    let last = await this.read();
    for (let reads = 1; reads < READS_MAX; reads += 1) {
      await sleep(PAUSE_MS);
      const next = await this.read();
      if (changedIn(last, next).length === 0) return next;
      last = next;
    }
    throw new Error('The network does not come to rest');
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

/** Names of the tables that differ. */
export function changedIn(before: Digests, after: Digests): string[] {
  return [...after].filter(([name, digest]) => before.get(name) !== digest).map(([name]) => name);
}
