import { Keeper, type SweeperLogger } from '@level-one/work';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { EVENTS_PER_DIGEST, MAKE_DIGEST, READ_DIGEST, READ_ENDS } from './event-digests-sql.js';

const INTERVAL_MS = 60_000;
/** Digests that one request makes at most, if the background is behind. */
const MADE_AT_ONCE_MAX = 20;

export interface EventDigest {
  /** Number of the last event. */
  upto: bigint;
  /** Hexadecimal. */
  digest: string;
  /** Number of the newest event of the log. */
  last: bigint;
}

/**
 * Digests of the event log: each depends on all events before, so that two copies of a log that have the same digest
 * are the same. Every thousandth is stored, in the background; those between are made when somebody asks.
 */
export class EventDigests extends Keeper {
  constructor(
    private readonly dataSource: DataSource,
    logger: SweeperLogger,
  ) {
    super({ name: 'digests of the event log', intervalMs: INTERVAL_MS, logger });
  }

  /**
   * @param upto number of the last event; by default of the newest one.
   * @throws ContractError 422 UnprocessableEntityError if the log is not that long, 503 ServiceUnavailableError while
   * digests of older events are being made.
   */
  async read(upto?: bigint): Promise<EventDigest> {
    const { last, digested } = await this.ends();
    const end = upto ?? last;
    if (end > last) {
      throw transferError(TransferErrorCode.UnprocessableEntity, { message: `upto: the log ends with event ${last}` });
    }
    const before = end - (end % BigInt(EVENTS_PER_DIGEST));
    if ((await this.make(digested, before, MADE_AT_ONCE_MAX)) < before) {
      throw transferError(TransferErrorCode.ServiceUnavailable, { message: 'Digests of older events are being made' });
    }
    const [row]: { digest: string }[] = await this.dataSource.query(READ_DIGEST, [String(before), String(end)]);
    return { upto: end, digest: row?.digest ?? '', last };
  }

  /** Makes all digests that are missing. */
  protected async sweep(signal: AbortSignal): Promise<void> {
    const { last, digested } = await this.ends();
    await this.make(digested, last - (last % BigInt(EVENTS_PER_DIGEST)), Infinity, signal);
  }

  /** @returns up to which event there are digests now. */
  private async make(from: bigint, to: bigint, countMax: number, signal?: AbortSignal): Promise<bigint> {
    let digested = from;
    for (let count = 0; digested < to && count < countMax; count += 1) {
      if (signal?.aborted) break;
      await this.dataSource.query(MAKE_DIGEST, [String(digested)]);
      digested += BigInt(EVENTS_PER_DIGEST);
    }
    return digested;
  }

  private async ends(): Promise<{ last: bigint; digested: bigint }> {
    const [row]: { lastSequence: string; lastDigest: string }[] = await this.dataSource.query(READ_ENDS);
    return { last: BigInt(row!.lastSequence), digested: BigInt(row!.lastDigest) };
  }
}
