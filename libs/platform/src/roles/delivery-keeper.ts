import { type DeliveryFailure, type DeliverySettings, failureOf, isRefusal, type Attempted } from '@level-one/work';
import { RowKeeper, type RowKeeperOptions } from './row-keeper.js';

/** Deliveries that are tried at once: a peer that does not answer holds up one of them only. */
const LANES = 8;
/** Maximum of results that wait in memory to be written; others are tried again when they are due. */
const UNWRITTEN_MAX = 1_000;

/**
 * What a failed attempt means. `passing`: another one may succeed. `final`: the peer refuses it for good. `needless`: the
 * peer need not be told any more.
 */
export type FailureKind = 'passing' | 'final' | 'needless';

/** Something that is to be delivered, with a name for logs. */
export interface Delivered extends Attempted {
  id: string;
  /** Members of the log line when it is undeliverable. */
  logged: Record<string, unknown>;
}

/** Result of an attempt. */
interface Result {
  isDelivered: boolean;
  write: () => Promise<void>;
}

/**
 * Delivers rows until their peers have taken them: with growing pauses, over restarts, until a deadline; what is not
 * taken then is undeliverable. A result that cannot be written is written as soon as the database takes it.
 */
export abstract class DeliveryKeeper<Row> extends RowKeeper<Row> {
  private readonly unwritten = new Map<string, () => Promise<void>>();
  /** Deliveries that are being written while nobody waits. */
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly options: RowKeeperOptions<Row>,
    private readonly pauses: DeliverySettings,
  ) {
    super({ lanes: LANES, ...options });
    this.workRecord.unwritten = 0;
  }

  override async lookAfterDue(signal?: AbortSignal): Promise<void> {
    await this.writeResults();
    await super.lookAfterDue(signal);
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    await this.settle();
  }

  /** Resolves when deliveries that nobody waits for are written, or kept to be written later. */
  async settle(): Promise<void> {
    await Promise.all(this.writing);
  }

  /** Makes one attempt and writes its result. @throws what the database throws */
  protected async deliver(row: Row): Promise<void> {
    const { write } = await this.resultOf(row);
    await write();
  }

  /** Makes one attempt and writes its result. Does not throw: what could not be written is written later. */
  protected async attempt(row: Row): Promise<void> {
    const { write } = await this.resultOf(row);
    await this.writeOrKeep(row, write);
  }

  /** As {@link attempt}, but nobody waits until a delivery is written, which may come with others. */
  protected async attemptNow(row: Row): Promise<void> {
    const { isDelivered, write } = await this.resultOf(row);
    if (!isDelivered) return this.writeOrKeep(row, write);
    const writing = this.writeOrKeep(row, () => this.recordDeliveredWithOthers(row), write);
    this.writing.add(writing);
    void writing.finally(() => this.writing.delete(writing));
  }

  protected lookAfter(row: Row): Promise<void> {
    return this.attempt(row);
  }

  /** Sends it. @throws what the peer answers, or that it does not */
  protected abstract send(row: Row): Promise<void>;

  protected abstract describe(row: Row): Delivered;

  /** What a failed attempt means. @throws if that cannot be found out now; then it is tried again */
  protected judge(_row: Row, error: unknown): Promise<FailureKind> | FailureKind {
    return isRefusal(error) ? 'final' : 'passing';
  }

  protected abstract recordDelivered(row: Row): Promise<void>;

  /** As {@link recordDelivered}, in one commit with others, a little later. */
  protected recordDeliveredWithOthers(row: Row): Promise<void> {
    return this.recordDelivered(row);
  }

  /** Nobody needs to know it any more. */
  protected recordNeedless(row: Row): Promise<void> {
    return this.recordDelivered(row);
  }

  protected abstract recordFailure(row: Row, failure: DeliveryFailure): Promise<void>;

  /** @param again writes it later, where `write` could not */
  private async writeOrKeep(row: Row, write: () => Promise<void>, again = write): Promise<void> {
    const { id } = this.describe(row);
    try {
      await write();
      this.unwritten.delete(id);
    } catch (err) {
      if (this.unwritten.size < UNWRITTEN_MAX) this.unwritten.set(id, again);
      this.workRecord.unwritten = this.unwritten.size;
      this.options.logger.warn({ err, sweeper: this.options.name }, 'the result of a delivery is not written yet');
    }
  }

  private async resultOf(row: Row): Promise<Result> {
    try {
      await this.send(row);
      return { isDelivered: true, write: () => this.recordDelivered(row) };
    } catch (error) {
      const kind = await this.tryToJudge(row, error);
      if (kind === 'needless') return { isDelivered: false, write: () => this.recordNeedless(row) };
      const described = this.describe(row);
      const failure = failureOf(error, described, this.pauses, { isFinal: kind === 'final' });
      this.logFailure(described, failure);
      return { isDelivered: false, write: () => this.recordFailure(row, failure) };
    }
  }

  private async tryToJudge(row: Row, error: unknown): Promise<FailureKind> {
    try {
      return await this.judge(row, error);
    } catch {
      return 'passing';
    }
  }

  private logFailure({ attempts, logged }: Delivered, { errorId, nextAttemptAt }: DeliveryFailure): void {
    const line = { ...logged, attempts, id: errorId };
    if (nextAttemptAt === undefined) this.options.logger.error(line, 'undeliverable; see /v1/undelivered');
    else if (attempts === 1) this.options.logger.warn(line, 'not delivered; it is tried again');
    else this.options.logger.debug(line, 'not delivered; it is tried again');
  }

  /** @throws while the database takes none */
  private async writeResults(): Promise<void> {
    for (const [id, write] of this.unwritten) {
      await write();
      this.unwritten.delete(id);
      this.workRecord.unwritten = this.unwritten.size;
    }
  }
}
