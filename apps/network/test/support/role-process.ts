import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** The built program of a role. */
export function mainOf(role: string): string {
  return join(ROOT, `dist/apps/${role}/src/main.js`);
}

/** A server of `examples/`. */
export function exampleOf(role: string): string {
  return join(ROOT, `examples/${role}.mjs`);
}

/** A process of one role, as `nest start` would run it: nothing but settings from the environment. */
export class RoleProcess {
  private output = '';
  private readonly child: ChildProcess;
  readonly exited: Promise<number | null>;

  /** @param output descriptor of the file that gets its output; without one it is read */
  constructor(role: string, environment: Record<string, string>, program = mainOf(role), output?: number) {
    this.child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: { PATH: process.env['PATH'] ?? '', ...environment },
      stdio: ['ignore', output ?? 'pipe', output ?? 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += String(chunk)));
    }
    this.exited = new Promise((done) => {
      this.child.once('exit', done);
    });
  }

  /** Nobody reads its output any more: `closed`, the reader is gone; `unread`, it is there and does nothing. */
  leaveOutput(how: 'closed' | 'unread'): void {
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      if (how === 'closed') stream.destroy();
      else stream.pause();
    }
  }

  get log(): string {
    return this.output;
  }

  stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.exited;
  }

  /** Ends it at once, as a machine that fails would. */
  kill(): Promise<number | null> {
    this.child.kill('SIGKILL');
    return this.exited;
  }
}
