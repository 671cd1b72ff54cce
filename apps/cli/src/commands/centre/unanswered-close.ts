import { isContractUuid } from '@level-one/platform';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../connection/environment.js';

/** A command that comes later is another one, and no repetition. */
const KEPT_MS = 3_600_000;

/**
 * The window that `settle close` without an id was about to close, kept by this user until the ledger has answered: the
 * same command given again closes that window, and not the one that is open by then.
 */
export class UnansweredClose {
  private readonly folder: string;
  private readonly file: string;

  constructor(environment: Environment, ledgerUrl: string) {
    const state = environment['XDG_STATE_HOME'] || join(environment['HOME'] || homedir(), '.local/state');
    this.folder = join(state, 'levelone');
    this.file = join(this.folder, `close-${createHash('sha256').update(ledgerUrl).digest('hex').slice(0, 16)}`);
  }

  /** Id of the window; undefined if the last command was answered, or was given long ago. */
  read(): string | undefined {
    try {
      if (Date.now() - statSync(this.file).mtimeMs > KEPT_MS) return undefined;
      const id = readFileSync(this.file, 'utf8').trim();
      return isContractUuid(id) ? id : undefined;
    } catch {
      return undefined;
    }
  }

  /** Does nothing where this user may not write: the message of a lost answer names the window, too. */
  keep(id: string): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(this.file, `${id}\n`, { mode: 0o600 });
    } catch {
      // Said above.
    }
  }

  forget(): void {
    try {
      rmSync(this.file, { force: true });
    } catch {
      // It could not be kept either.
    }
  }
}
