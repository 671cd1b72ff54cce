import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import type { LateTransferDto } from '@level-one/peers';
import { Health, RoleLogger } from '@level-one/platform';
import { isRefusal, Keeper, pauseAfter } from '@level-one/work';
import pLimit from 'p-limit';
import type { Subscription } from 'rxjs';
import { type Crossing, Crossings } from './crossings.js';
import { findNext, Forwarder } from './forwarder.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { type LateSource, LateSourceStore } from './late-source-store.js';
import { SourceEnds } from './source-ends.js';
import { idOf } from './transfer-side.js';

/** Sources that are settled at the same time. */
const PARALLEL = 8;
/** After so many failures in a run, the next ledger is taken to be away for the rest of it. */
const AWAY_AFTER = 3;
/** A poll of a ledger that is away, and one that finds the next ledger away, comes at the latest after this. */
const PAUSE_MAX_MS = 60_000;
/** A ledger without the list of late transfers is asked again after this. */
const UNSUPPORTED_PAUSE_MS = 600_000;
/** A source outlives the transfer behind it by this. */
const MARGIN_MS = 30_000;
const DEFAULT_NEXT_GRACE_MS = 300_000;
/** Both graces are read again after this. */
const GRACES_KEPT_MS = 600_000;
/** Pause between two polls because sources expire one after the other; their ledger's clock may be a little behind. */
const SOON_PAUSE_MS = 250;

/** What the last poll of one ledger found. */
interface Side {
  open: number;
  /** Expiry of the oldest, Unix time in ms. */
  oldest: number;
  failures: number;
  pausedUntil: number;
}

/** One poll of one ledger. */
interface Poll {
  crossing: Crossing;
  /** How often the next ledger did not answer. */
  unanswered: number;
  /** Those that are still open. */
  open: LateSource[];
}

const NOTHING: Side = { open: 0, oldest: Infinity, failures: 0, pausedUntil: 0 };

/**
 * Ends sources that are past their expiry, on both ledgers, by a list that the ledgers keep: so it survives restarts and
 * needs no memory. A source is claimed if the transfer behind it was executed, rejected if that ended unpaid or can no
 * longer be prepared, and otherwise kept open: T1 never ends before T2 can.
 */
@Injectable()
export class LateSources extends Keeper {
  private readonly sides: Record<Crossing['name'], Side> = { own: { ...NOTHING }, central: { ...NOTHING } };
  private nextGraceMs = DEFAULT_NEXT_GRACE_MS;
  private graceProblem: string | undefined;
  private gracesReadAt = -Infinity;
  /** How often a ledger came back. */
  private returns = 0;
  private readonly soon: Subscription;
  private soonTimer: NodeJS.Timeout | undefined;
  private lastSoon = 0;

  constructor(
    private readonly crossings: Crossings,
    private readonly forwarder: Forwarder,
    private readonly ends: SourceEnds,
    private readonly store: LateSourceStore,
    private readonly settings: IlpConnectorSettings,
    private readonly logger: RoleLogger,
    health: Health,
  ) {
    super({ name: 'late sources', intervalMs: settings.latePollMs, logger });
    health.registerNotes(() => this.notes());
    this.soon = forwarder.lateSoon.subscribe((at) => this.pollAfter(at));
  }

  /** Polls now, because a ledger is back. */
  override runNow(): void {
    this.returns += 1;
    for (const side of Object.values(this.sides)) side.pausedUntil = 0;
    super.runNow();
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.soon.unsubscribe();
    clearTimeout(this.soonTimer);
    await super.beforeApplicationShutdown();
  }

  /** Polls when sources are known to be late, and not at the next interval only. */
  private pollAfter(at: number): void {
    this.lastSoon = Math.max(this.lastSoon, at);
    if (this.soonTimer) return;
    const pauseMs = Math.min(Math.max(this.lastSoon - Date.now(), 0), MARGIN_MS);
    this.soonTimer = setTimeout(() => this.pollSoon(), pauseMs + SOON_PAUSE_MS);
    this.soonTimer.unref();
  }

  private pollSoon(): void {
    this.soonTimer = undefined;
    super.runNow();
    if (this.lastSoon > Date.now()) this.pollAfter(this.lastSoon);
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    const { outwards, inwards } = this.crossings;
    await Promise.all([this.poll(outwards, signal), this.poll(inwards, signal), this.compareGraces()]);
  }

  private notes(): string[] {
    const counts = Object.entries(this.sides)
      .filter(([, { open }]) => open > 0)
      .map(([name, { open, oldest }]) => {
        const ageS = Math.max(0, Math.round((Date.now() - oldest) / 1_000));
        return `late sources at the ${name} ledger: ${open}, the oldest ${ageS} s past its expiry`;
      });
    return this.graceProblem === undefined ? counts : [...counts, this.graceProblem];
  }

  private async poll(crossing: Crossing, signal: AbortSignal): Promise<void> {
    const side = this.sides[crossing.name];
    if (Date.now() < side.pausedUntil) return;
    const poll: Poll = { crossing, unanswered: 0, open: [] };
    const { returns } = this;
    let failure: unknown;
    try {
      await this.settleAll(poll, signal);
      const oldest = Math.min(...poll.open.map(({ expiresAt }) => Date.parse(expiresAt)));
      Object.assign(side, { open: poll.open.length, oldest });
      await this.keepList(poll);
    } catch (err) {
      if (signal.aborted) return;
      failure = err;
    }
    if (failure === undefined && poll.unanswered === 0) side.failures = 0;
    else if (returns === this.returns) this.pause(side, crossing, failure);
  }

  /** For operators; what is done does not depend on it. */
  private async keepList({ crossing: { name }, open }: Poll): Promise<void> {
    try {
      await this.store.replace(name, open);
    } catch (err) {
      this.logger.warn({ err, ledger: name }, 'The list of late sources could not be stored');
    }
  }

  private pause(side: Side, { name }: Crossing, err: unknown): void {
    side.failures += 1;
    const isUnsupported = err instanceof ContractError && isRefusal(err);
    const pauseMs = isUnsupported
      ? UNSUPPORTED_PAUSE_MS
      : pauseAfter(side.failures, { firstMs: this.settings.latePollMs, maxMs: PAUSE_MAX_MS });
    // The interval itself is the first pause.
    side.pausedUntil = Date.now() + pauseMs - this.settings.latePollMs / 2;
    if (err === undefined || (side.failures > 1 && !isUnsupported)) return;
    const message = isUnsupported ? 'A ledger lists no late transfers' : 'Late transfers could not be listed';
    this.logger.warn({ err, ledger: name }, message);
  }

  private async settleAll(poll: Poll, signal: AbortSignal): Promise<void> {
    const { from } = poll.crossing;
    const lanes = pLimit(PARALLEL);
    let after: string | undefined;
    do {
      const page = await from.lateTransfers(from.accountName, after === undefined ? {} : { after });
      await Promise.all(
        page.transfers.map((transfer) => lanes(() => (signal.aborted ? undefined : this.settleOne(poll, transfer)))),
      );
      after = page.after;
    } while (after !== undefined && !signal.aborted);
  }

  private async settleOne(poll: Poll, late: LateTransferDto): Promise<void> {
    const { crossing } = poll;
    try {
      if (await this.hasEnded(poll, late)) return;
    } catch (err) {
      const line = { err, transferId: idOf(late), ledger: crossing.name };
      this.logger.warn(line, 'A late source could not be settled and is tried again');
    }
    const { expires_at: expiresAt, open_until: openUntil } = late;
    if (expiresAt !== undefined) poll.open.push({ transferId: idOf(late), expiresAt, openUntil });
  }

  private async hasEnded(poll: Poll, late: LateTransferDto): Promise<boolean> {
    const { crossing } = poll;
    const { from, to } = crossing;
    const id = idOf(late);
    if (poll.unanswered >= AWAY_AFTER) return this.keepOpen(crossing, late, this.unknownEnd());
    try {
      const next = await findNext(to, id);
      if (!next) return await this.forwarder.endUnforwarded(crossing, await from.transfer(id));
      if (await this.ends.endAs(crossing, next)) return true;
      if (crossing === this.crossings.inwards) return false;
      const { open_until: until } = await to.grace(id);
      return await this.keepOpen(crossing, late, Date.parse(until) + MARGIN_MS);
    } catch (error) {
      if (isRefusal(error)) throw error;
      poll.unanswered += 1;
      return this.keepOpen(crossing, late, this.unknownEnd());
    }
  }

  /** While the next ledger cannot be read, the transfer there may have its whole grace before it at the next poll. */
  private unknownEnd(): number {
    return Date.now() + PAUSE_MAX_MS + this.nextGraceMs + MARGIN_MS;
  }

  /** Only T1 is renewed (ruling 39): T2 has its creditor's own ledger behind it. @returns false: it is open. */
  private async keepOpen({ name, from }: Crossing, late: LateTransferDto, until: number): Promise<false> {
    const latest = (Date.parse(late.expires_at ?? '') || 0) + this.settings.renewalMaxS * 1_000;
    if (name === 'central' || Date.parse(late.open_until) >= Math.min(until, latest)) return false;
    const id = idOf(late);
    try {
      // A little more than needed: not each poll writes.
      await from.extendGrace(id, new Date(Math.min(until + PAUSE_MAX_MS, latest)));
    } catch (err) {
      if (!isRefusal(err)) throw err;
      // Another instance may have renewed it for longer.
      const { open_until: end } = await from.grace(id);
      if (Date.parse(end) < until)
        this.logger.error({ err, transferId: id, ledger: name }, 'A late source could not be kept open');
    }
    return false;
  }

  /** By the graces of a payment that was forwarded, as both ledgers tell them. */
  private async compareGraces(): Promise<void> {
    const id = this.forwarder.lastForwardedId;
    if (id === undefined || Date.now() - this.gracesReadAt < GRACES_KEPT_MS) return;
    const { from, to } = this.crossings.outwards;
    try {
      const [own, central] = (await Promise.all([from.grace(id), to.grace(id)])).map(
        ({ expires_at: expiresAt, open_until: until }) => Date.parse(until) - Date.parse(expiresAt),
      );
      this.gracesReadAt = Date.now();
      this.nextGraceMs = central!;
      const needed = central! + MARGIN_MS;
      this.graceProblem =
        own! >= needed
          ? undefined
          : `the own ledger's grace is ${own! / 1_000} s; it has to be ${needed / 1_000} s, the centre's and 30 s more`;
      if (this.graceProblem)
        this.logger.error({ ledger: 'own' }, 'The grace of the own ledger is shorter than the centre');
    } catch (err) {
      if (isRefusal(err)) this.gracesReadAt = Date.now();
      this.logger.debug({ err }, 'The graces could not be read');
    }
  }
}
