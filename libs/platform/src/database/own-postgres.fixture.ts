import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@level-one/testing';
import pg from 'pg';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded-database.js';

function childrenOf(pid: number): number[] {
  try {
    const found = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return found.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A PostgreSQL of a test's own, to stop, freeze and kill. */
export class OwnPostgres {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private readonly flags: readonly string[],
    private server: EmbeddedDatabase,
  ) {}

  static async start(flags: readonly string[] = []): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'level-one-own-postgres-'));
    // The database's user has to enter it.
    await chmod(folder, 0o755);
    const port = await freePort();
    return new OwnPostgres(folder, port, flags, await OwnPostgres.serve(folder, port, flags));
  }

  private static serve(folder: string, port: number, flags: readonly string[]): Promise<EmbeddedDatabase> {
    // A commit that was answered is there after a kill.
    const durable = ['synchronous_commit=on', ...flags];
    return startEmbeddedDatabase({ dataDir: join(folder, 'data'), port, flags: durable, isThrowAway: true });
  }

  get url(): string {
    return this.server.url;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  /** Runs statements as the administrator, on a connection of their own each time. */
  async run(...statements: string[]): Promise<pg.QueryResult[]> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const results: pg.QueryResult[] = [];
      for (const statement of statements) results.push(await client.query(statement));
      return results;
    } finally {
      await client.end();
    }
  }

  /** Stops all its processes where they are. */
  async freeze(): Promise<void> {
    const pid = await this.pid();
    for (const one of [pid, ...childrenOf(pid)]) process.kill(one, 'SIGSTOP');
  }

  async thaw(): Promise<void> {
    const pid = await this.pid();
    for (const one of [...childrenOf(pid), pid]) process.kill(one, 'SIGCONT');
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  async startAgain(): Promise<void> {
    this.server = await OwnPostgres.serve(this.folder, this.port, this.flags);
  }

  /** Ends the postmaster at once; its processes notice it and end. */
  async kill(): Promise<void> {
    const pid = await this.pid();
    const children = childrenOf(pid);
    for (const one of [pid, ...children]) process.kill(one, 'SIGKILL');
  }

  /** Makes the server's user the owner of a file or folder, and nobody else may read it. */
  async giveToServer(path: string): Promise<void> {
    const { uid, gid } = await stat(this.dataDir);
    await chown(path, uid, gid);
    await chmod(path, (await stat(path)).isDirectory() ? 0o700 : 0o600);
  }

  async remove(): Promise<void> {
    await this.thaw().catch(() => undefined);
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async pid(): Promise<number> {
    return Number((await readFile(join(this.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }
}
