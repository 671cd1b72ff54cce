import { ContractError } from '@level-one/errors';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { Books } from '../books/books.js';
import type { BooksStore, Written } from '../books/books-store.js';
import type { Command } from '../commands/commands.js';

interface Waiting {
  command: Command<unknown>;
  resolve: (value: never) => void;
  reject: (reason: unknown) => void;
}

type Outcome = { value: unknown } | { error: unknown };

/** Commands that share one transaction. */
const BATCH_SIZE_MAX = 500;
/** Commands that may wait; those that come then are told to try again. */
const QUEUE_LENGTH_MAX = 20_000;
const ATTEMPTS_MAX = 3;

/** Serialization failure and deadlock: the database undid everything, so it may be tried again at once. */
const UNDONE = new Set(['40001', '40P01']);

/**
 * Group commit: what arrives while a batch commits becomes the next batch, so one transaction carries many commands
 * under load and one command never waits when idle. Each command has its own outcome.
 */
export class WriteQueue {
  private readonly waiting: Waiting[] = [];
  private working: Promise<void> | undefined;

  constructor(
    private readonly store: BooksStore,
    /** Told of each batch once it is committed. */
    private readonly committed: (written: Written<unknown>) => void,
  ) {}

  /**
   * Resolves or rejects with what the command decided, after the commit.
   * @throws ContractError 503 ServiceUnavailableError when it could not be written; its effect is then unknown only
   *   if the connection was lost while committing, and asking again is safe.
   */
  submit<T>(command: Command<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.waiting.length >= QUEUE_LENGTH_MAX) {
        reject(transferError(TransferErrorCode.ServiceUnavailable));
        return;
      }
      this.waiting.push({ command, resolve, reject });
      this.working ??= this.work();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  private async work(): Promise<void> {
    let answer: (() => void) | undefined;
    while (this.waiting.length > 0) {
      const writing = this.writeBatch(this.waiting.splice(0, BATCH_SIZE_MAX));
      // The database works on this batch while the answers to the one before leave.
      answer?.();
      answer = await writing;
    }
    this.working = undefined;
    answer?.();
  }

  /** @returns what tells everybody of the batch about its outcome. */
  private async writeBatch(batch: Waiting[]): Promise<() => void> {
    try {
      const written = await this.write(batch.map(({ command }) => command));
      return () => {
        this.committed(written);
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = written.result[index];
          if (outcome && 'value' in outcome) resolve(outcome.value as never);
          else reject(outcome?.error);
        }
      };
    } catch (cause) {
      return this.dealWithFailure(batch, cause);
    }
  }

  /** Nothing of the batch was written. One command at fault must not fail its neighbours: each is tried alone. */
  private async dealWithFailure(batch: Waiting[], cause: unknown): Promise<() => void> {
    if (batch.length > 1 && isFaultOfOneCommand(cause)) {
      for (const one of batch) (await this.writeBatch([one]))();
      return () => undefined;
    }
    return () => {
      for (const { reject } of batch) reject(transferError(TransferErrorCode.ServiceUnavailable, { cause }));
    };
  }

  private async write(commands: Command<unknown>[]): Promise<Written<Outcome[]>> {
    const transferIds = [...new Set(commands.flatMap((command) => command.transferIds))];
    const accounts = [...new Set(commands.flatMap((command) => command.accounts))];
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.store.write(transferIds, accounts, (books) =>
          commands.map((command) => outcomeOf(command, books)),
        );
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !UNDONE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }
}

/** A command may refuse; any other throw could have left the books half changed, and undoes its batch. */
class BrokenCommand extends Error {}

function outcomeOf(command: Command<unknown>, books: Books): Outcome {
  try {
    return { value: command.decide(books) };
  } catch (error) {
    if (error instanceof ContractError) return { error };
    throw new BrokenCommand('A command failed', { cause: error });
  }
}

/** Data that the database refuses (SQLSTATE classes 22 and 23) or a broken command, rather than a lost connection. */
function isFaultOfOneCommand(error: unknown): boolean {
  return error instanceof BrokenCommand || /^2[23]/.test((error as { code?: string }).code ?? '');
}
