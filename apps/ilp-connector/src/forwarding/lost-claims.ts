import { Injectable } from '@nestjs/common';
import type { ClaimDto } from '@level-one/peers';
import { Health, RoleLogger, RoleMetrics, type Samples } from '@level-one/platform';
import { isRefusal, Keeper, pauseAfter, reasonOf } from '@level-one/work';
import { type Crossing, Crossings } from './crossings.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import type { LostClaimState } from './lost-claim.entity.js';
import {
  type ClaimOutcome,
  type ClaimSum,
  type DueClaim,
  type FoundClaim,
  LostClaimStore,
} from './lost-claim-store.js';

const TAKEN_AT_ONCE = 20;
/** Time in which an instance asks the ledgers of the claims that it took. */
const LEASE_MS = 120_000;
const PAUSE_MAX_MS = 600_000;
/** How long a refused claim is told in health. */
const TOLD_DAYS = 7;

/** What no repeat changes. Keys of ledgers and graces of accounts may still be set: those refusals are tried again. */
const FINAL = new Set([
  'AlreadyRolledBackError',
  'ExpiredTransferError',
  'InvalidModificationError',
  'TransferNotConditionalError',
  'UnmetConditionError',
  'UnsupportedCryptoConditionError',
]);

const TOLD: Readonly<Record<LostClaimState, string>> = {
  lost: 'to be filed',
  waiting: 'waiting for two administrators',
  approved: 'approved and not paid yet',
  booked: 'paid',
  refused: `refused in the last ${TOLD_DAYS} days`,
};

/**
 * Claims what this connector paid forward and could not claim in time (ruling 39): with the signed statement of the next
 * ledger, until the ledger of the source has taken the claim or refused it for good, and then until it is paid. All is
 * in the database; a claim that is filed twice is one claim.
 */
@Injectable()
export class LostClaims extends Keeper {
  private sums: ClaimSum[] = [];

  constructor(
    private readonly store: LostClaimStore,
    private readonly crossings: Crossings,
    private readonly settings: IlpConnectorSettings,
    private readonly logger: RoleLogger,
    health: Health,
    metrics: RoleMetrics,
  ) {
    super({ name: 'late claims', intervalMs: settings.latePollMs, logger });
    metrics.readAs('levelone_late_claims', () => this.samples());
    health.registerNotes(() =>
      this.sums.map(
        ({ ledger, state, count, amount }) =>
          `late claims at the ${ledger} ledger, ${TOLD[state]}: ${count}, ${amount} in all`,
      ),
    );
  }

  override async onApplicationBootstrap(): Promise<void> {
    await super.onApplicationBootstrap();
    this.runNow();
  }

  /** Stores a claim, which is filed next; the same one again changes nothing. @returns whether it is new. */
  async keep(claim: FoundClaim): Promise<boolean> {
    const isNew = await this.store.keep(claim);
    if (isNew) this.runNow();
    return isNew;
  }

  /** How many claims are in each state, 0 too. */
  private samples(): Samples {
    const states = Object.keys(TOLD) as LostClaimState[];
    return (['own', 'central'] as const).flatMap((ledger) =>
      states.map((state) => {
        const sum = this.sums.find((one) => one.ledger === ledger && one.state === state);
        return { value: sum?.count ?? 0, labels: { ledger, state } };
      }),
    );
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    for (const claim of await this.store.takeDue(TAKEN_AT_ONCE, LEASE_MS)) {
      if (signal.aborted) return;
      await this.file(claim);
    }
    this.sums = await this.store.sums(TOLD_DAYS);
  }

  private async file(claim: DueClaim): Promise<void> {
    const { outwards, inwards } = this.crossings;
    const outcome = await this.outcomeOf(claim, claim.ledger === 'own' ? outwards : inwards);
    await this.store.write(claim, outcome);
    if (outcome.state === claim.state) return;
    const { ledger, transferId, amount } = claim;
    const { state, reason } = outcome;
    const line = { transferId, ledger, amount, state, ...(reason !== null && { reason }) };
    if (state === 'refused') this.logger.error(line, 'A late claim was refused');
    else this.logger.warn(line, 'A late claim is at its ledger');
  }

  private async outcomeOf(claim: DueClaim, { from, to }: Crossing): Promise<ClaimOutcome> {
    let { statement } = claim;
    try {
      statement ??= (await to.statement(claim.transferId)).signature;
      const { amount, fulfillment } = claim;
      return this.told(await from.claim(claim.transferId, { amount, fulfillment, statement }), statement);
    } catch (err) {
      return this.untold(claim, statement, err);
    }
  }

  private told({ state, reason }: ClaimDto, statement: string): ClaimOutcome {
    const hasEnded = state === 'booked' || state === 'refused';
    const pauseMs = hasEnded ? undefined : this.settings.claimPollS * 1_000;
    return { state, statement, attempts: 0, reason: reason ?? null, pauseMs };
  }

  private untold(claim: DueClaim, statement: string | null, err: unknown): ClaimOutcome {
    const { state, lostAt, attempts, transferId, ledger } = claim;
    const { errorId, message } = reasonOf(err);
    const reason = `${errorId}: ${message}`;
    const isOver = state === 'lost' && Date.now() > lostAt.getTime() + this.settings.claimTryS * 1_000;
    if (isOver || (isRefusal(err) && FINAL.has(errorId)))
      return { state: 'refused', statement, attempts, reason, pauseMs: undefined };
    if (attempts === 1) this.logger.warn({ err, transferId, ledger }, 'A late claim is tried again');
    const pauseMs = pauseAfter(attempts, { firstMs: this.settings.latePollMs, maxMs: PAUSE_MAX_MS });
    // A statement that proves nothing to the ledger is asked for again: its key may have changed.
    return { state, statement: isRefusal(err) ? null : statement, attempts, reason, pauseMs };
  }
}
