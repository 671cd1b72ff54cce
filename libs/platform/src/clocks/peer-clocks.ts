import type { RoleLogger } from '../logging/logger.js';

/** The `Date` of an answer names a whole second. */
const DATE_STEP_MS = 1_000;
/** Samples of this time together say how far a clock is off; after it they begin anew, because clocks are set. */
const WINDOW_MS = 60_000;
/** What was not heard of for this time is no longer told. */
const FORGOTTEN_MS = 10 * 60_000;
const PEERS_MAX = 1_000;

/** Ids of refusals that a clock which is wrong may cause. */
export const CAUSED_BY_CLOCKS: ReadonlySet<string> = new Set([
  'UnacceptableExpiryError',
  'ExpiredTransferError',
  'QuoteExpiredError',
]);

/** One answer, as far as its time goes. Times are those of the own clock, in ms. */
export interface ClockSample {
  /** Value of the header `Date`. */
  date: unknown;
  sentAt: number;
  receivedAt: number;
}

interface PeerClock {
  /** Role, for people. */
  name: string;
  /** The peer's clock is ahead of the own by something between these, in ms. */
  lowest: number;
  highest: number;
  since: number;
  heardAt: number;
  isOff: boolean;
}

/**
 * Compares the own clock with those of the roles that are called, by the `Date` of their answers. One answer leaves a
 * second and the time of the round trip open; several together leave less.
 */
export class PeerClocks {
  private readonly clocks = new Map<string, PeerClock>();
  private lastDate: unknown;
  private lastDateMs = Number.NaN;

  constructor(
    /** Difference in ms from which on a clock is told to be wrong. */
    private readonly maxSkewMs: number,
    private readonly logger: Pick<RoleLogger, 'warn' | 'info'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param origin of the peer. @param name of its role */
  hear(origin: string, name: string, { date, sentAt, receivedAt }: ClockSample): void {
    const dateMs = this.parse(date);
    // The own clock was set meanwhile, or the peer tells no time.
    if (Number.isNaN(dateMs) || receivedAt < sentAt) return;
    const sample = { lowest: dateMs - receivedAt, highest: dateMs + DATE_STEP_MS - sentAt };
    const known = this.clocks.get(origin);
    const clock = known && receivedAt - known.since < WINDOW_MS ? narrowed(known, sample) : undefined;
    const next: PeerClock = {
      ...(clock ?? { ...sample, since: receivedAt }),
      name,
      heardAt: receivedAt,
      isOff: known?.isOff ?? false,
    };
    if (!known && this.clocks.size >= PEERS_MAX) this.clocks.delete(this.clocks.keys().next().value!);
    this.clocks.set(origin, next);
    this.judge(origin, next);
  }

  /** A sentence about each clock that is wrong, by the names of roles. */
  get notes(): string[] {
    return [
      ...new Set(
        this.heardLately()
          .filter(({ isOff }) => isOff)
          .map(sentenceOf),
      ),
    ];
  }

  /**
   * By how many ms the clock of each role is surely ahead of the own one, below zero: behind. 0 where the answers leave
   * open whether it is. Of several instances of a role the one that is most off.
   */
  get skews(): ReadonlyMap<string, number> {
    const skews = new Map<string, number>();
    for (const { name, lowest, highest } of this.heardLately()) {
      const skew = Math.max(lowest, 0) + Math.min(highest, 0);
      if (Math.abs(skew) >= Math.abs(skews.get(name) ?? 0)) skews.set(name, skew);
    }
    return skews;
  }

  private heardLately(): PeerClock[] {
    const heardAfter = this.now() - FORGOTTEN_MS;
    return [...this.clocks.values()].filter(({ heardAt }) => heardAt > heardAfter);
  }

  /** The sentence about one peer's clock; undefined as long as it is right. */
  noteOf(origin: string): string | undefined {
    const clock = this.clocks.get(origin);
    return clock?.isOff ? sentenceOf(clock) : undefined;
  }

  /** What no sample leaves open decides; otherwise it stays as it was. */
  private judge(origin: string, clock: PeerClock): void {
    const { lowest, highest } = clock;
    const isOff = lowest > this.maxSkewMs || highest < -this.maxSkewMs;
    const isRight = lowest >= -this.maxSkewMs && highest <= this.maxSkewMs;
    if (clock.isOff ? !isRight : !isOff) return;
    clock.isOff = isOff;
    const fields = { address: origin };
    if (isOff) this.logger.warn(fields, `${sentenceOf(clock)}: payments may be refused until both are right`);
    else this.logger.info(fields, `the clock of ${clock.name} agrees with the one here again`);
  }

  /** Many answers have the same date. */
  private parse(date: unknown): number {
    if (date !== this.lastDate) {
      this.lastDate = date;
      this.lastDateMs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    }
    return this.lastDateMs;
  }
}

/** Both together; undefined where they exclude each other: one of the clocks was set. */
function narrowed(known: PeerClock, sample: { lowest: number; highest: number }): PeerClock | undefined {
  const lowest = Math.max(known.lowest, sample.lowest);
  const highest = Math.min(known.highest, sample.highest);
  return lowest <= highest ? { ...known, lowest, highest } : undefined;
}

function sentenceOf({ name, lowest, highest }: PeerClock): string {
  const seconds = (lowest + highest) / 2_000;
  const size = Math.abs(seconds);
  const about = size < 10 ? size.toFixed(1) : Math.round(size);
  return `the clock of ${name} is ${about} s ${seconds > 0 ? 'ahead of' : 'behind'} the one here`;
}
