import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { joinAddress } from '@level-one/ilp';
import type { Notification } from '@level-one/notifications';
import type { LedgerClient, WireTransfer } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { isRefusal } from '@level-one/work';
import { type Crossing, Crossings } from './crossings.js';
import { type ForwardingTerms, type NextTransfer, Refusal, refusalIn, unreachable } from './forwarding.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { LearnedRoutes } from '../ledgers/learned-routes.js';
import { LedgerUnits } from '../ledgers/ledger-units.js';
import { Payees } from '../ledgers/payees.js';
import { Routes } from '../ledgers/routes.js';
import { SourceEnds } from './source-ends.js';
import { Subject } from 'rxjs';
import { idOf, sideOf } from './transfer-side.js';

/** An event about a transfer prepared this recently is news, unless this connector has just been started. */
const FRESH_MS = 500;
const SETTLED_AFTER_MS = 10_000;
/** Whatever the clocks say: so long after the expiry the next ledger takes nothing of the payment any more. */
const SURELY_OVER_MS = 60_000;

const TOO_LATE = new Refusal('R02', 'The next ledger could not be reached in time', {
  id: 'ExpiredTransferError',
  message: 'The next ledger could not be reached in time',
});

/**
 * Carries payments between the DFSP's ledger and the central one (rows 28–33, 38–43, R2, R3): holds forwards,
 * fulfilments and rejections backwards. It keeps no state but its cursors: every transfer has the same id on each
 * ledger, and every request may be repeated. What fails because a ledger is away is thrown, to be tried again.
 */
@Injectable()
export class Forwarder {
  private readonly startedAt = Date.now();
  private forwardedId: string | undefined;
  /** Times at which a source whose next transfer has expired will be late, Unix time in ms. */
  readonly lateSoon = new Subject<number>();

  constructor(
    private readonly crossings: Crossings,
    private readonly ends: SourceEnds,
    private readonly routes: Routes,
    private readonly learned: LearnedRoutes,
    private readonly settings: IlpConnectorSettings,
    private readonly units: LedgerUnits,
    private readonly payees: Payees,
    private readonly logger: RoleLogger,
  ) {}

  /** Id of the last payment that went from the own ledger to the central one since the start. */
  get lastForwardedId(): string | undefined {
    return this.forwardedId;
  }

  /** An event of the connector's account on its DFSP's ledger: T1 when it is credited, T3 when it is debited. */
  async onOwnTransfer(transfer: WireTransfer, notification: Notification): Promise<void> {
    const { outwards, inwards } = this.crossings;
    await this.onTransfer(outwards, inwards, transfer, notification);
  }

  /** An event of the DFSP's account on the central ledger: T2, coming in when credited, going out when debited. */
  async onCentralTransfer(transfer: WireTransfer, notification: Notification): Promise<void> {
    const { outwards, inwards } = this.crossings;
    await this.onTransfer(inwards, outwards, transfer, notification);
  }

  /** @param away the crossing that begins on the event's ledger. @param back the one that ends there. */
  private async onTransfer(
    away: Crossing,
    back: Crossing,
    transfer: WireTransfer,
    { relatedResources }: Notification,
  ): Promise<void> {
    const side = sideOf(transfer, away.from.accountName);
    if (side === 'credit') await this.onSource(away, transfer);
    // A source is left to its own expiry when the next one has expired, so that it ends as expired, too (N48).
    if (side === 'debit' && isExpired(transfer)) this.lateSoon.next(this.sourceExpiryOf(transfer));
    else if (side === 'debit')
      await this.ends.endAs(back, transfer, relatedResources['execution_condition_fulfillment']);
  }

  private async onSource(crossing: Crossing, transfer: WireTransfer): Promise<void> {
    if (!isForwardable(transfer)) return;
    if (this.mayBeOutdated(transfer) && !(await this.isStillPrepared(crossing, transfer))) return;
    try {
      await this.prepareNext(crossing, transfer);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) {
        await this.rejectUnlessForwarded(crossing, transfer, refusal);
        return;
      }
      if (Date.now() <= this.endOf(transfer)) throw error;
      // It is late now: the poll of late sources ends it.
      this.logger.warn({ err: error, transferId: idOf(transfer) }, 'The next ledger did not answer in time');
    }
  }

  /**
   * Ends a late source that the next ledger knows nothing of.
   * @returns whether it has ended. @throws ContractError 5xx while a ledger does not answer
   */
  async endUnforwarded(crossing: Crossing, transfer: WireTransfer): Promise<boolean> {
    return isForwardable(transfer) && this.rejectUnlessForwarded(crossing, transfer, TOO_LATE);
  }

  /**
   * Whether the event may tell of a transfer that was dealt with before, by this connector before it was started anew
   * or by another instance of it. Forwarding such a transfer after its rejection would lose the connector's money.
   */
  private mayBeOutdated(transfer: WireTransfer): boolean {
    const ageMs = Date.now() - Date.parse(transfer.timeline?.['prepared_at'] ?? '');
    return !(Math.abs(ageMs) < FRESH_MS) || Date.now() - this.startedAt < SETTLED_AFTER_MS;
  }

  private async isStillPrepared({ from }: Crossing, transfer: WireTransfer): Promise<boolean> {
    return (await from.transfer(idOf(transfer))).state === 'prepared';
  }

  private sourceExpiryOf(next: WireTransfer): number {
    return (Date.parse(next.expires_at ?? '') || 0) + this.settings.minMessageWindowS * 1_000;
  }

  /** When an event of a source is no longer tried again; the clock of its ledger may be a little behind. */
  private endOf(transfer: WireTransfer): number {
    return (Date.parse(transfer.expires_at ?? '') || 0) + this.settings.clockSkewMaxMs;
  }

  /**
   * Only what goes forward needs a rate: what comes back is claimed and rejected as it was prepared.
   * @throws ContractError 503 while it is not known; 422 LedgerNotConnectedError if it does not fit
   */
  private terms(): ForwardingTerms {
    const { minMessageWindowS, maxHoldTimeS, clockSkewMaxMs, remoteQuotes } = this.settings;
    const { exchange } = this.units;
    return {
      routes: this.routes,
      exchange,
      isOneToOne: exchange.isOneToOne && !remoteQuotes,
      minMessageWindowMs: minMessageWindowS * 1_000,
      maxHoldTimeMs: maxHoldTimeS * 1_000,
      clockToleranceMs: clockSkewMaxMs,
    };
  }

  /** @throws Refusal by this connector. @throws ContractError of the next ledger */
  private async prepareNext(crossing: Crossing, transfer: WireTransfer): Promise<void> {
    const id = idOf(transfer);
    const next = await this.planNext(crossing, transfer);
    const { to } = crossing;
    if (crossing === this.crossings.inwards) await this.assertPayee(next);
    const body: WireTransfer = {
      id: to.transferUri(id),
      ledger: to.baseUrl,
      debits: [
        {
          account: to.accountUri(to.accountName),
          amount: next.amount,
          authorized: true,
          memo: {
            source_transfer_ledger: crossing.fromPrefix,
            source_transfer_id: id,
            source_transfer_amount: transfer.credits[0]!.amount,
          },
        },
      ],
      credits: [{ account: to.accountUri(next.creditAccount), amount: next.amount, memo: { ilp: next.packet } }],
      execution_condition: next.condition,
      expires_at: next.expiresAt.toISOString(),
    };
    const prepared = await to.putTransfer(crossing.prepare, id, body);
    if (crossing === this.crossings.outwards) this.forwardedId = id;
    // A repeated request meets a transfer that may have ended meanwhile; its own event takes care of that.
    if (prepared.state === 'rejected') this.logger.debug({ transferId: id }, 'The next transfer has already ended');
  }

  /** @throws Refusal; ContractError 503 while it is not known */
  private async planNext(crossing: Crossing, transfer: WireTransfer): Promise<NextTransfer> {
    const plan = (): NextTransfer => crossing.plan(transfer, this.terms(), new Date());
    return crossing === this.crossings.outwards ? this.learned.withRoutes(plan) : plan();
  }

  /** Only customers are payees: not connectors, roles or accounts of the DFSP itself. @throws Refusal */
  private async assertPayee({ creditAccount }: NextTransfer): Promise<void> {
    if (await this.payees.hasPayee(creditAccount)) return;
    throw unreachable(joinAddress(this.settings.ilpPrefix, creditAccount));
  }

  /** Never rejects a source whose destination was, or still may be, executed: that would give money away. */
  private async rejectUnlessForwarded(crossing: Crossing, transfer: WireTransfer, refusal: Refusal): Promise<boolean> {
    const id = idOf(transfer);
    const next = await this.closeNext(crossing, transfer);
    if (next === 'open') return false;
    // It was forwarded before: what became of it decides, now or once it has an outcome.
    if (next !== 'never') return this.ends.endAs(crossing, next);
    const { code, message, info } = refusal;
    await this.ends.reject(crossing, id, this.ends.rejection({ code, message, info: { ...info } }));
    return true;
  }

  /**
   * Sees to it that the next ledger prepares nothing for this source from now on: neither a request that is still on its
   * way, nor one of another instance (ruling 39). The ledger voids the id in its turn, so one of them comes first.
   *
   * @returns the next transfer if there is one; `never`: there will be none; `open`: a ledger that voids nothing for this
   * connector may still prepare one, until it is too late.
   */
  private async closeNext({ to }: Crossing, transfer: WireTransfer): Promise<WireTransfer | 'never' | 'open'> {
    const id = idOf(transfer);
    const voided = await voidNext(to, id);
    if (voided?.state === 'void') return 'never';
    if (voided) return nextIn(voided, to.accountName) ?? 'never';
    const next = await findNext(to, id);
    if (next) return next;
    return Date.now() > (Date.parse(transfer.expires_at ?? '') || 0) + SURELY_OVER_MS ? 'never' : 'open';
  }
}

/** @returns undefined for a ledger that voids nothing for this connector. @throws ContractError 5xx */
async function voidNext(to: Crossing['to'], id: string): ReturnType<LedgerClient['voidTransfer']> {
  try {
    return await to.voidTransfer(id);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return undefined;
  }
}

/** The transfer that this connector made of a source; undefined if there is none. @throws ContractError 5xx */
export async function findNext(to: Crossing['to'], id: string): Promise<WireTransfer | undefined> {
  try {
    return nextIn(await to.transfer(id), to.accountName);
  } catch (error) {
    if (error instanceof ContractError && error.status === 404) return undefined;
    throw error;
  }
}

/** Ended by its ledger, and not by a rejection. */
function isExpired({ state, rejection_reason: reason }: WireTransfer): boolean {
  return state === 'rejected' && reason === 'expired';
}

/** A conditional transfer that debits the connector; any other has the id by chance, and nothing can be forwarded. */
function nextIn(transfer: WireTransfer, accountName: string): WireTransfer | undefined {
  return transfer.execution_condition && sideOf(transfer, accountName) === 'debit' ? transfer : undefined;
}

/** A transfer without a packet is between the two accounts of its ledger: nothing is forwarded. */
function isForwardable({ state, execution_condition: condition, credits }: WireTransfer): boolean {
  return state === 'prepared' && Boolean(condition) && credits[0]?.memo?.['ilp'] !== undefined;
}
