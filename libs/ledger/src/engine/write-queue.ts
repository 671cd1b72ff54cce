import { ContractError } from '@level-one/errors';
import { type Trace, Tracing } from '@level-one/platform';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { Books } from '../books/books.js';
import type { BooksStore, Written } from '../books/books-store.js';
import { ledgerUnavailable } from '../books/ledger-turn.js';
import type { Command } from '../commands/commands.js';
import { BatchSpans, traceOfCommand } from './batch-spans.js';

interface WaitingCommand {
  command: Command<unknown>;
  resolve: (value: never) => void;
  reject: (reason: unknown) => void;
  /** Where the command comes from, while spans are recorded. */
  trace: Trace | undefined;
}

/** What a queue does, for metrics. */
export interface QueueCounts {
  /** Commands that wait for the next batch. */
  waiting: number;
  /** Commands of all batches that have ended. */
  commands: number;
  batches: number;
  /** Time taken by these batches. */
  ms: number;
}

type Outcome = { value: unknown } | { error: unknown };

/** Maximum of commands in one transaction. */
const BATCH_SIZE_MAX = 500;
/** Maximum of waiting commands. Further ones are answered 503. */
const QUEUE_LENGTH_MAX = 20_000;
const ATTEMPTS_MAX = 3;

/** SQLSTATE of serialization failure and deadlock: the database rolled back, so the batch can be repeated at once. */
const UNDONE = new Set(['40001', '40P01']);

/**
 * Group commit: commands that arrive during a commit form the next batch. Under load one transaction carries many
 * commands; when idle, a command does not wait. Each command has its own outcome.
 */
export class WriteQueue {
  private readonly waiting: WaitingCommand[] = [];
  private working: Promise<void> | undefined;
  private readonly written = { commands: 0, batches: 0, ms: 0 };

  constructor(
    private readonly store: BooksStore,
    /** Called with each batch after its commit. */
    private readonly committed: (written: Written<unknown>) => void,
    private readonly tracing: Tracing = Tracing.off,
  ) {}

  /**
   * Resolves with the result of the command, or rejects with its error, after the commit.
   * @throws ContractError 503 ServiceUnavailableError if the command could not be written. Only if the connection was
   * lost during the commit, it may have been written; repeating the command is safe.
   */
  submit<T>(command: Command<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.waiting.length >= QUEUE_LENGTH_MAX) {
        reject(transferError(TransferErrorCode.ServiceUnavailable));
        return;
      }
      this.waiting.push({ command, resolve, reject, trace: traceOfCommand(this.tracing) });
      this.working ??= this.writeBatches();
    });
  }

  /** What waits now; commands and batches so far, and the time that the batches took. */
  get counts(): QueueCounts {
    return { waiting: this.waiting.length, ...this.written };
  }

  /** Resolves when no command is waiting. */
  async whenIdle(): Promise<void> {
    while (this.working) await this.working;
  }

  private async writeBatches(): Promise<void> {
    let answer: (() => void) | undefined;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_SIZE_MAX);
      const startedMs = performance.now();
      const writing = this.writeBatch(batch);
      // The answers to the batch before are sent while the database writes this one.
      answer?.();
      answer = await writing;
      this.written.ms += performance.now() - startedMs;
      this.written.batches += 1;
      this.written.commands += batch.length;
    }
    this.working = undefined;
    answer?.();
  }

  /** @returns a function that answers all commands of the batch. */
  private async writeBatch(batch: WaitingCommand[]): Promise<() => void> {
    const spans = this.tracing.isOn ? BatchSpans.start(this.tracing, batch) : undefined;
    try {
      const written = await this.writeCommands(batch.map(({ command }) => command));
      spans?.end(written.books.events);
      return () => {
        this.committed(written);
        for (const [index, { resolve, reject }] of batch.entries()) {
          const outcome = written.result[index];
          if (outcome && 'value' in outcome) resolve(outcome.value as never);
          else reject(outcome?.error);
        }
      };
    } catch (cause) {
      spans?.fail(cause);
      return this.retryEach(batch, cause);
    }
  }

  /** Nothing of the batch was written. One faulty command must not fail the others, so each is tried alone. */
  private async retryEach(batch: WaitingCommand[], cause: unknown): Promise<() => void> {
    if (batch.length > 1 && isFaultOfOneCommand(cause)) {
      for (const one of batch) (await this.writeBatch([one]))();
      return () => undefined;
    }
    return () => {
      const error = ledgerUnavailable(cause);
      for (const { reject } of batch) reject(error);
    };
  }

  private async writeCommands(commands: Command<unknown>[]): Promise<Written<Outcome[]>> {
    const transferIds = [...new Set(commands.flatMap((command) => command.transferIds))];
    const accounts = [...new Set(commands.flatMap((command) => command.accounts))];
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.store.writeBatch(transferIds, accounts, (books) =>
          commands.map((command) => outcomeOf(command, books)),
        );
      } catch (error) {
        if (attempt >= ATTEMPTS_MAX || !UNDONE.has((error as { code?: string }).code ?? '')) throw error;
      }
    }
  }
}

/**
 * Wraps any error of a command other than a refusal: it may have left the books half changed, so the batch is undone.
 */
class BrokenCommand extends Error {}

function outcomeOf(command: Command<unknown>, books: Books): Outcome {
  try {
    return { value: command.decide(books) };
  } catch (error) {
    if (error instanceof ContractError) return { error };
    throw new BrokenCommand('A command failed', { cause: error });
  }
}

/**
 * Whether the database refused the data (SQLSTATE classes 22 and 23) or a command broke. Otherwise the connection
 * failed.
 */
function isFaultOfOneCommand(error: unknown): boolean {
  return error instanceof BrokenCommand || /^2[23]/.test((error as { code?: string }).code ?? '');
}
