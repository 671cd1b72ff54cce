import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOG_CHARACTERS_MAX = 200_000;

export interface ProgramOptions {
  /** Node program, with its arguments. */
  program: readonly string[];
  environment: Record<string, string>;
  /** Time by which its clock is ahead, in ms; negative: behind. */
  clockSkewMs?: number;
}

/** A Node program in a process of its own that can be killed, made to hang, and started again. */
export class RoleProgram {
  private child: ChildProcess | undefined;
  private ended: Promise<number | null> = Promise.resolve(null);
  private output = '';

  constructor(private readonly options: ProgramOptions) {}

  /** What it has written lately, over all starts. */
  get log(): string {
    return this.output;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  start({ clockSkewMs = this.options.clockSkewMs ?? 0 }: { clockSkewMs?: number } = {}): void {
    const { program, environment } = this.options;
    const child = spawn(process.execPath, [...skewed(clockSkewMs), '--enable-source-maps', ...program], {
      env: { PATH: process.env['PATH'] ?? '', ...environment, CLOCK_SKEW_MS: String(clockSkewMs) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.output = (this.output + String(chunk)).slice(-LOG_CHARACTERS_MAX);
      });
    }
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('exit', resolve);
    });
  }

  /** Ends it at once, as a machine that fails would. */
  kill(): Promise<number | null> {
    this.child?.kill('SIGKILL');
    return this.ended;
  }

  /** Ends it as an operator does. */
  stop(): Promise<number | null> {
    this.child?.kill('SIGTERM');
    return this.ended;
  }

  /** Hangs until `wakeUp`: connections stay open, nothing is answered. */
  hang(): void {
    this.child?.kill('SIGSTOP');
  }

  wakeUp(): void {
    this.child?.kill('SIGCONT');
  }
}

function skewed(clockSkewMs: number): string[] {
  return clockSkewMs === 0 ? [] : ['--import', preload()];
}

/** The program that shifts the clock, also when this file is run from the build. */
function preload(): string {
  const here = fileURLToPath(import.meta.url).replace(/([/\\])dist[/\\]libs[/\\]/, '$1libs$1');
  return here.replace(/role-program\.[jt]s$/, 'skewed-clock.mjs');
}
