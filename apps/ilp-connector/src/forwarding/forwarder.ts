import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { ContractError } from '@level-one/errors';
import { type IlpErrorCode, joinAddress, rejectionMessage } from '@level-one/ilp';
import type { Notification } from '@level-one/notifications';
import type { HopId, LedgerClient, WireTransfer } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { isRefusal, OutOfTime, retryUntil } from '@level-one/work';
import {
  type ForwardingTerms,
  type NextTransfer,
  Refusal,
  towardsCentre,
  towardsPayee,
  unreachable,
} from './forwarding.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from '../ledgers/ledger-clients.js';
import { LedgerUnits } from '../ledgers/ledger-units.js';
import { Payees } from '../ledgers/payees.js';
import { Routes } from '../ledgers/routes.js';
import { idOf, sideOf } from './transfer-side.js';

/** Two ledgers that a transfer goes between, and the hops that do it. */
interface Crossing {
  from: LedgerClient;
  to: LedgerClient & { accountName: string };
  /** ILP prefix of `from`, for the memo of the next transfer. */
  fromPrefix: string;
  plan: (transfer: WireTransfer, terms: ForwardingTerms, now: Date) => NextTransfer;
  prepare: HopId;
  /** Hops on `from`: the fulfilment or rejection that comes back. */
  fulfil: HopId;
  reject: HopId;
}

/** ILP code for a refusal of the next ledger. */
const CODES: Record<string, IlpErrorCode> = {
  InsufficientFundsError: 'T04',
  ExpiredTransferError: 'R02',
  LedgerNotConnectedError: 'T00',
};

/** An event about a transfer prepared this recently is news, unless this connector has just been started. */
const FRESH_MS = 500;
const SETTLED_AFTER_MS = 10_000;
/** A ledger's clock may be a little behind this connector's. */
const CLOCK_MARGIN_MS = 50;

/**
 * Carries payments between the DFSP's ledger and the central one (rows 28–33, 38–43, R2, R3): holds forwards,
 * fulfilments and rejections backwards. It keeps no state but its cursors: every transfer has the same id on each
 * ledger, and every request may be repeated.
 */
@Injectable()
export class Forwarder {
  private readonly address: string;
  private readonly claimGraceMs: number;
  private readonly startedAt = Date.now();
  private readonly outwards: Crossing;
  private readonly inwards: Crossing;

  constructor(
    private readonly own: OwnLedgerClient,
    private readonly central: CentralLedgerClient,
    private readonly routes: Routes,
    private readonly settings: IlpConnectorSettings,
    private readonly units: LedgerUnits,
    private readonly payees: Payees,
    private readonly logger: RoleLogger,
  ) {
    this.address = joinAddress(settings.ilpPrefix, settings.ledgerName);
    this.claimGraceMs = settings.claimGraceS * 1_000;
    this.outwards = {
      from: own,
      to: central,
      fromPrefix: settings.ilpPrefix,
      plan: towardsCentre,
      prepare: 'P.G1',
      fulfil: 'V.F',
      reject: 'R3',
    };
    this.inwards = {
      from: central,
      to: own,
      fromPrefix: settings.centralIlpPrefix,
      plan: towardsPayee,
      prepare: 'P.H',
      fulfil: 'V.D',
      reject: 'R2',
    };
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

  /** An event of the connector's account on its DFSP's ledger: T1 when it is credited, T3 when it is debited. */
  async onOwnTransfer(transfer: WireTransfer, notification: Notification, signal: AbortSignal): Promise<void> {
    const side = sideOf(transfer, this.own.accountName);
    if (side === 'credit') await this.onSource(this.outwards, transfer, signal);
    if (side === 'debit') await this.onDestination(this.inwards, transfer, notification.relatedResources, signal);
  }

  /** An event of the DFSP's account on the central ledger: T2, coming in when credited, going out when debited. */
  async onCentralTransfer(transfer: WireTransfer, notification: Notification, signal: AbortSignal): Promise<void> {
    const side = sideOf(transfer, this.central.accountName);
    if (side === 'credit') await this.onSource(this.inwards, transfer, signal);
    if (side === 'debit') await this.onDestination(this.outwards, transfer, notification.relatedResources, signal);
  }

  private async onSource(crossing: Crossing, transfer: WireTransfer, signal: AbortSignal): Promise<void> {
    if (transfer.state !== 'prepared' || !transfer.execution_condition) return;
    // A transfer without a packet is between the two accounts of that ledger: nothing is forwarded.
    if (transfer.credits[0]?.memo?.['ilp'] === undefined) return;
    if (this.mayBeOutdated(transfer) && !(await this.isStillPrepared(crossing, transfer))) return;
    try {
      await this.prepareNext(crossing, transfer, signal);
    } catch (error) {
      if (error instanceof OutOfTime) {
        this.logger.warn({ err: error, transferId: idOf(transfer) }, 'The next ledger did not answer; left to expire');
        this.giveUpLater(crossing, idOf(transfer), signal);
        return;
      }
      const refusal = asRefusal(error);
      await this.rejectUnlessForwarded(crossing, transfer, refusal, signal);
    }
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

  private async prepareNext(crossing: Crossing, transfer: WireTransfer, signal: AbortSignal): Promise<void> {
    const id = idOf(transfer);
    const next = crossing.plan(transfer, this.terms(), new Date());
    const { to } = crossing;
    if (crossing === this.inwards) await this.assertPayee(next, signal);
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
    const prepared = await retryUntil(next.expiresAt, () => to.putTransfer(crossing.prepare, id, body), signal);
    // A repeated request meets a transfer that may have ended meanwhile; its own event takes care of that.
    if (prepared.state === 'rejected') this.logger.debug({ transferId: id }, 'The next transfer has already ended');
  }

  /** Only customers are payees: not connectors, roles or accounts of the DFSP itself. @throws Refusal */
  private async assertPayee({ creditAccount, expiresAt }: NextTransfer, signal: AbortSignal): Promise<void> {
    if (await retryUntil(expiresAt, () => this.payees.hasPayee(creditAccount), signal)) return;
    throw unreachable(joinAddress(this.settings.ilpPrefix, creditAccount));
  }

  /** Never rejects a source whose destination was, or still may be, executed: that would give money away. */
  private async rejectUnlessForwarded(
    crossing: Crossing,
    transfer: WireTransfer,
    refusal: Refusal,
    signal: AbortSignal,
  ): Promise<void> {
    const id = idOf(transfer);
    const deadline = this.claimDeadline(transfer);
    const next = await this.findNext(crossing, id, deadline, signal);
    // It was forwarded before: what became of it decides, now or once it has an outcome.
    if (next && sideOf(next, crossing.to.accountName) === 'debit') {
      await this.onDestination(crossing, next, {}, signal);
      return;
    }
    const reason = rejectionMessage({
      code: refusal.code,
      message: refusal.message,
      triggeredBy: this.address,
      triggeredAt: new Date(),
      additionalInfo: refusal.info,
    });
    await this.reject(crossing, id, reason, deadline, signal);
  }

  private async findNext(
    crossing: Crossing,
    id: string,
    deadline: Date,
    signal: AbortSignal,
  ): Promise<WireTransfer | undefined> {
    try {
      return await retryUntil(deadline, () => crossing.to.transfer(id), signal);
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }

  private async onDestination(
    crossing: Crossing,
    transfer: WireTransfer,
    relatedResources: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    const id = idOf(transfer);
    const deadline = this.claimDeadline(transfer);
    if (transfer.state === 'executed') {
      const told = relatedResources['execution_condition_fulfillment'];
      const fulfillment = typeof told === 'string' ? told : await crossing.to.fulfillment(id);
      return this.claim(crossing, id, fulfillment, deadline, signal);
    }
    if (transfer.state !== 'rejected') return;
    // After an expiry the source is left to expire on its own ledger too, by that ledger's clock (R5).
    if (transfer.rejection_reason === 'expired') {
      this.giveUpLater(crossing, id, signal);
      return;
    }
    const reason = transfer.credits[0]?.rejection_message ?? { message: transfer.rejection_reason ?? 'rejected' };
    await this.reject(crossing, id, reason, deadline, signal);
  }

  /** Fulfils the source with what the destination was fulfilled with: from here on, not succeeding costs money. */
  private async claim(
    crossing: Crossing,
    id: string,
    fulfillment: string,
    deadline: Date,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await retryUntil(deadline, () => crossing.from.fulfil(crossing.fulfil, id, fulfillment), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.logger.error({ err: error, transferId: id, hop: crossing.fulfil }, 'Paid forward but could not claim');
    }
  }

  private async reject(
    crossing: Crossing,
    id: string,
    reason: object,
    deadline: Date,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await retryUntil(deadline, () => crossing.from.reject(crossing.reject, id, reason), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // It has ended otherwise, or does not matter to anybody before it expires.
      this.logger.warn({ err: error, transferId: id, hop: crossing.reject }, 'A rejection was not taken');
    }
  }

  /**
   * A ledger keeps a source open for a while after its time, because a fulfilment may still be on its way (ruling 39). Once its time is over and nothing can come any more, it is told so, and gives the payer's money back.
   * Nothing is lost if this connector stops before: the ledger's own patience ends.
   */
  private giveUpLater(crossing: Crossing, id: string, signal: AbortSignal): void {
    this.giveUp(crossing, id, signal).catch((err: unknown) => {
      if (!signal.aborted) this.logger.warn({ err, transferId: id }, 'A source could not be given up early');
    });
  }

  private async giveUp(crossing: Crossing, id: string, signal: AbortSignal): Promise<void> {
    const source = await crossing.from.transfer(id);
    if (source.state !== 'prepared') return;
    const deadline = this.claimDeadline(source);
    const remainingMs = Math.max(Date.parse(source.expires_at ?? '') - Date.now(), 0);
    await sleep(remainingMs + CLOCK_MARGIN_MS, undefined, { signal, ref: false });
    const next = await this.findNext(crossing, id, deadline, signal);
    if (next?.state === 'executed') return this.onDestination(crossing, next, {}, signal);
    if (next && next.state !== 'rejected') return;
    await this.reject(crossing, id, { message: 'expired' }, deadline, signal);
  }

  private claimDeadline(transfer: WireTransfer): Date {
    const expiresAt = Date.parse(transfer.expires_at ?? '') || Date.now();
    return new Date(Math.max(expiresAt, Date.now()) + this.claimGraceMs);
  }
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!isRefusal(error)) throw error;
  const message = `destination transfer failed: ${error.message}`;
  return new Refusal(CODES[error.id] ?? 'F99', message, { id: error.id, message: error.message });
}
