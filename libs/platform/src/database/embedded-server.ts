import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../settings/settings.js';
import { type Binaries, cannotRun } from './embedded-programs.js';

const START_TIMEOUT_MS = 30_000;
export const STOP_TIMEOUT_MS = 20_000;
const CONNECTIONS_MAX = 300;
const THROW_AWAY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
/** Wait before a server that has ended is started again, doubled after each failure up to the longest. */
const RESTART_AFTER_MS = 500;
const RESTART_AFTER_MS_MAX = 5_000;

export interface EmbeddedDatabaseOptions {
  /** Folder of the cluster. Created if missing; existing data is kept. */
  dataDir: string;
  port: number;
  /** Further settings of the server, as `name=value`. */
  flags?: readonly string[];
  /** For folders that are deleted after use: faster, but a crash of the machine may lose the data. */
  isThrowAway?: boolean;
  /**
   * If given, a server that ends by itself is started again until it runs, for it ends where its log cannot be written
   * because the disk is full. Told in one line when it has ended, and when it runs again.
   */
  tellRestart?: (line: string) => void;
}

/** The user that it runs as, if that is another one. */
export interface DatabaseOwner {
  uid?: number;
  gid?: number;
}

/** The process of an embedded PostgreSQL. */
export class EmbeddedServer {
  private readonly stopping = new AbortController();
  private restart: Promise<void> | undefined;

  private constructor(
    private child: ChildProcess,
    private readonly launch: () => Promise<ChildProcess>,
    private readonly tellRestart: ((line: string) => void) | undefined,
  ) {
    if (tellRestart) this.keepRunning();
  }

  /** @throws StartupError with one line that says why it does not run */
  static async start(
    programs: Binaries,
    options: EmbeddedDatabaseOptions,
    owner: DatabaseOwner,
  ): Promise<EmbeddedServer> {
    const launch = () => launchServer(programs, options, owner);
    return new EmbeddedServer(await launch(), launch, options.tellRestart);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.restart;
    await stopServer(this.child);
  }

  private keepRunning(): void {
    this.child.once('exit', () => {
      if (!this.stopping.signal.aborted) this.restart = this.startAgain();
    });
  }

  private async startAgain(): Promise<void> {
    this.tellRestart?.('the embedded PostgreSQL has ended; it is started again');
    const { signal } = this.stopping;
    for (let waitMs = RESTART_AFTER_MS; ; waitMs = Math.min(2 * waitMs, RESTART_AFTER_MS_MAX)) {
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const child = await this.launch().catch(() => undefined);
      if (!child) continue;
      this.child = child;
      this.keepRunning();
      this.tellRestart?.('the embedded PostgreSQL runs again');
      return;
    }
  }
}

/** What a server printed, as one line. */
export function oneLine(log: readonly string[]): string {
  return log
    .join(' ')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}

async function launchServer(
  { postgres }: Binaries,
  options: EmbeddedDatabaseOptions,
  owner: DatabaseOwner,
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${CONNECTIONS_MAX}`,
    ...(options.isThrowAway ? THROW_AWAY : []),
    ...(options.flags ?? []),
  ];
  const child = spawn(
    postgres,
    ['-D', options.dataDir, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])],
    // In its own session Ctrl-C does not reach the database, so that it is stopped after everything that uses it.
    { ...owner, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const log: string[] = [];
  await new Promise<void>((ready, fail) => {
    const failed = (reason: string): void => {
      clearTimeout(timer);
      fail(new StartupError(`the embedded PostgreSQL did not start: ${reason} ${oneLine(log.slice(-3))}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGQUIT');
      failed('no answer in time.');
    }, START_TIMEOUT_MS);
    child.once('error', (error) => fail(cannotRun(postgres, error)));
    child.once('exit', (code) => failed(`exit code ${code}.`));
    child.stderr.on('data', (chunk: Buffer) => {
      log.push(String(chunk));
      if (log.length > 20) log.shift();
      if (!String(chunk).includes('ready to accept connections')) return;
      clearTimeout(timer);
      child.removeAllListeners('exit');
      ready();
    });
  });
  return child;
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((done) => {
    child.once('exit', done);
  });
  child.kill('SIGINT');
  const tooLong = setTimeout(() => child.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(tooLong);
}
