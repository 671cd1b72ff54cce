import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../../connection/environment.js';
import { isNetworkProcess } from './process-check.js';

/** The built program of the network. */
const NETWORK = join(import.meta.dirname, '../../../../network/src/main.js');
const DEFAULT_PORT_BASE = 3000;

/** A network that `levelone up` started. */
export interface BackgroundProcess {
  pid: number;
  startedAt: string;
  log: string;
}

/** The network that runs in the background at a PORT_BASE: its process, its log and the file that names both. */
export class BackgroundNetwork {
  readonly log: string;
  private readonly stateFile: string;
  private readonly dataDir: string;

  constructor(private readonly environment: Environment) {
    const portBase = environment['PORT_BASE'] || DEFAULT_PORT_BASE;
    this.dataDir = resolve(environment['DATA_DIR'] || 'data');
    this.log = join(this.dataDir, `levelone-${portBase}.log`);
    this.stateFile = join(this.dataDir, `levelone-${portBase}.json`);
  }

  /** The running process; undefined if none was started or it has ended. */
  find(): BackgroundProcess | undefined {
    try {
      const found = JSON.parse(readFileSync(this.stateFile, 'utf8')) as BackgroundProcess;
      return isNetworkProcess(found.pid) ? found : undefined;
    } catch {
      return undefined;
    }
  }

  /** Starts it; its output goes to the log alone. */
  start(): { child: ChildProcess; started: BackgroundProcess } {
    mkdirSync(this.dataDir, { recursive: true });
    const log = openSync(this.log, 'w', 0o600);
    try {
      const child = spawn(process.execPath, ['--enable-source-maps', NETWORK], {
        detached: true,
        env: { ...this.environment, DATA_DIR: this.dataDir },
        stdio: ['ignore', log, log],
      });
      const started = { pid: child.pid ?? 0, startedAt: new Date().toISOString(), log: this.log };
      writeFileSync(this.stateFile, `${JSON.stringify(started)}\n`);
      child.unref();
      return { child, started };
    } finally {
      closeSync(log);
    }
  }

  /** What it has written to its log. */
  logText(): string {
    try {
      return readFileSync(this.log, 'utf8');
    } catch {
      return '';
    }
  }

  /** Forgets a process that has ended. */
  forget(): void {
    rmSync(this.stateFile, { force: true });
  }
}
