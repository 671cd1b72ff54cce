import { Injectable } from '@nestjs/common';
import { isUnderPrefix } from '@level-one/ilp';
import type { Notification } from '@level-one/notifications';
import { formatAmount } from '@level-one/money';
import {
  LedgerAccounts,
  LedgerClient,
  type PaymentNotificationDto,
  PeerHttp,
  type WireTransfer,
} from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { isRefusal, OutOfTime, retryUntil } from '@level-one/work';
import { DfspNotifier } from './dfsp-notifier.js';
import {
  addressOf,
  forgeryOf,
  type IncomingTransfer,
  mismatchOf,
  readIncomingTransfer,
  type Refusal,
  refusalOf,
  refusalOfDfsp,
  rejectionOf,
  unreadable,
} from './incoming-transfer.js';
import { type IssuedPayment, isPaidByRequest, type PaymentOutcome } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { PaymentRequests } from '../issuing/payment-requests.js';
import { PaymentIssuer } from '../issuing/payment-issuer.js';
import { readReceivedRequest, type ReceivedRequest } from '../issuing/received-request.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

const DAY_MS = 24 * 60 * 60_000;
/** The rejection has to reach the ledger before the transfer expires there. */
const TIME_TO_REJECT_MS = 2_000;

function outcomeOf({ state, rejection_reason: reason }: WireTransfer): PaymentOutcome | undefined {
  if (state === 'executed') return 'executed';
  if (state !== 'rejected') return undefined;
  return reason === 'expired' ? 'expired' : 'rejected';
}

/** Details by which a quoted payment is checked, beside its transfer. */
interface Judged {
  status: 'proposed' | 'prepared';
  ipr: string | null | undefined;
  /** Minor units. */
  destinationAmount: bigint | undefined;
}

/** Transfer and packet both have to say the amount that was issued: the one that does not is told. */
function differingAmount(
  amounts: readonly (bigint | undefined)[],
  issued: Pick<IssuedPayment, 'amount'> | null,
): bigint | undefined {
  return amounts.find((amount) => amount !== undefined && amount !== issued?.amount) ?? amounts[0];
}

/** Answers for the transfers that credit this DFSP's customers: verifies, asks the DFSP, fulfils or rejects. */
@Injectable()
export class IncomingPaymentsService {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly http: PeerHttp,
    private readonly ledger: LedgerClient,
    private readonly accounts: LedgerAccounts,
    private readonly payments: IssuedPaymentsRepository,
    private readonly issuer: PaymentIssuer,
    private readonly requests: PaymentRequests,
    private readonly dfsp: DfspNotifier,
    private readonly logger: RoleLogger,
  ) {}

  /** Handles one event of the ledger; the same one again changes nothing. @throws to be given it again. */
  async onNotification(notification: Notification, signal: AbortSignal): Promise<void> {
    const { event, transferId, resource } = notification;
    if (transferId === undefined) return;
    const transfer = readIncomingTransfer(transferId, resource, this.settings.scale);
    if (!transfer) return;
    if (event === 'transfer.create') return this.onPrepared(transfer, signal);
    const outcome = outcomeOf(resource as unknown as WireTransfer);
    // The event comes again unless the end is written, so it can be written with others.
    if (outcome && transfer.packet !== '') await this.onEnded(transfer, { outcome, mayWait: true });
  }

  /**
   * Learns the end of a payment from its transfer, as the ledger has it. False if that is no transfer of the payment.
   * @throws ContractError 502, 503 while the ledger cannot be asked; what the database throws
   */
  async learnEnd({ paymentId }: IssuedPayment, found: WireTransfer): Promise<boolean> {
    const transfer = readIncomingTransfer(paymentId, found, this.settings.scale);
    const outcome = outcomeOf(found);
    return transfer !== undefined && outcome !== undefined && this.onEnded(transfer, { outcome });
  }

  /** Hop P.J. */
  private async onPrepared(transfer: IncomingTransfer, signal: AbortSignal): Promise<void> {
    const now = new Date();
    // Heard of too late, after a restart: the ledger ends it by itself.
    if (transfer.expiresAt <= now || (await this.isOfOthers(transfer, signal))) return;
    const payment = (await this.payments.findWithSetup(transfer.id)) ?? (await this.knownByTransfer(transfer));
    if (payment?.outcome) return;
    const isOurs = this.isIssuedHere(transfer, payment);
    if (!isOurs && !(await this.isExecutedHere(transfer, signal))) return;
    this.http.received('P.J', this.ledger.websocketUrl);
    const refusal = await this.refusalOf(transfer, payment, { now, signal });
    if (refusal) await this.rejectTransfer(transfer, refusal, signal);
    else if (isOurs && payment) await this.fulfil(transfer, payment, signal);
  }

  /**
   * What was issued for a transfer whose payment request was not written, or is not yet at this instance. An end counts for
   * as long as ends are kept: one that is younger and has no row was not told.
   */
  private async knownByTransfer(transfer: IncomingTransfer, knownMs?: number): Promise<IssuedPayment | null> {
    const request = this.requests.restore(transfer, knownMs);
    return request?.paymentId === transfer.id ? this.payments.findOrIssue(transfer.id, () => request) : null;
  }

  /** Whether a transfer only passes here: its address is one of another ledger, and others may execute it. */
  private async isOfOthers(transfer: IncomingTransfer, signal: AbortSignal): Promise<boolean> {
    return !this.isOwnAddress(addressOf(transfer.packet)) && !(await this.isExecutedHere(transfer, signal));
  }

  /**
   * Whether a transfer carries an address that this DFSP issued for the account it credits. Every other one is somebody
   * else's, and whoever forwarded it may have paid for it already. Addresses issued before tokens were verifiable are
   * those of payments that are kept.
   */
  private isIssuedHere({ packet, creditAccount }: IncomingTransfer, payment: IssuedPayment | null): boolean {
    const address = addressOf(packet);
    if (address === undefined) return false;
    if (this.issuer.issuedTo(address) === creditAccount) return true;
    return payment?.account === creditAccount && addressOf(payment.packet) === address;
  }

  /**
   * Whether nobody but this DFSP could execute a transfer, so that it is not left to wait for somebody. A ledger that
   * does not tell whether an account has direct use lets every owner execute.
   */
  private async isExecutedHere({ creditAccount, expiresAt }: IncomingTransfer, signal: AbortSignal): Promise<boolean> {
    try {
      const account = await retryUntil(expiresAt, () => this.accounts.find(creditAccount), signal);
      return account?.direct_use === false;
    } catch (err) {
      if (!isRefusal(err) && !(err instanceof OutOfTime)) throw err;
      this.logger.warn({ err }, 'the ledger did not tell what an account is for; its transfer is left alone');
      return false;
    }
  }

  /** Why a transfer is not taken; undefined when it is. */
  private refusalOf(
    transfer: IncomingTransfer,
    payment: IssuedPayment | null,
    { now, signal }: { now: Date; signal: AbortSignal },
  ): Promise<Refusal | undefined> | Refusal {
    if (payment && !isPaidByRequest(payment)) {
      const refusal = refusalOf(transfer, payment, now);
      return refusal ?? this.askDfsp(transfer, signal, () => this.dfsp.approve(payment));
    }
    return this.refusalOfQuoted(transfer, payment, signal);
  }

  /** Quoted payments are judged by whoever keeps the quote; of a forged one too, to tell in what it differs (5.4). */
  private async refusalOfQuoted(
    transfer: IncomingTransfer,
    payment: IssuedPayment | null,
    signal: AbortSignal,
  ): Promise<Refusal | undefined> {
    const received = readReceivedRequest(transfer.packet);
    const named =
      received && (payment?.paymentId === received.paymentId || (await this.isAskedFor(received.paymentId, transfer)));
    if (!received || !named) return payment ? forgeryOf(transfer, payment) : mismatchOf(transfer, null);
    const forgery = payment ? (forgeryOf(transfer, payment) ?? unreadable(transfer)) : mismatchOf(transfer, null);
    const question = this.questionOf(transfer, received, {
      status: forgery ? 'proposed' : 'prepared',
      ipr: payment?.ipr,
      destinationAmount: differingAmount([transfer.amount, received.amount], payment),
    });
    return (await this.askDfsp(transfer, signal, () => this.dfsp.judgeQuoted(question))) ?? forgery;
  }

  private async isAskedFor(paymentId: string, transfer: IncomingTransfer): Promise<boolean> {
    const named = (await this.payments.findPayment(paymentId)) ?? this.requests.restore(transfer);
    return named !== undefined && named.requestFingerprint !== null;
  }

  private questionOf(
    { id, creditAccount }: IncomingTransfer,
    { paymentId, data }: ReceivedRequest,
    { status, ipr, destinationAmount: amount }: Judged,
  ): PaymentNotificationDto {
    return {
      paymentId,
      status,
      transferId: id,
      destinationAccount: creditAccount,
      ...(amount === undefined ? {} : { destinationAmount: formatAmount(amount, this.settings.scale) }),
      ...(data === undefined ? {} : { data }),
      ...(ipr ? { ipr } : {}),
    };
  }

  /** Rows 34 and 48. @returns why the DFSP does not take the payment; undefined when it does. */
  private async askDfsp(
    transfer: IncomingTransfer,
    signal: AbortSignal,
    question: () => Promise<void>,
  ): Promise<Refusal | undefined> {
    const deadline = new Date(transfer.expiresAt.getTime() - TIME_TO_REJECT_MS);
    try {
      await retryUntil(deadline, question, signal);
      return undefined;
    } catch (error) {
      if (isRefusal(error)) return refusalOfDfsp(error.toBody());
      if (!(error instanceof OutOfTime)) throw error;
      const message = "The payee's DFSP could not be asked in time";
      return { code: 'T00', error: { id: 'ExternalError', message } };
    }
  }

  /** Hop V.A. */
  private async fulfil(transfer: IncomingTransfer, payment: IssuedPayment, signal: AbortSignal): Promise<void> {
    const fulfillment = this.issuer.fulfillmentOf(payment.packet, transfer.condition);
    await this.toLedger(transfer, signal, () => this.ledger.fulfil('V.A', transfer.id, fulfillment));
  }

  /** R1. */
  private async rejectTransfer(transfer: IncomingTransfer, refusal: Refusal, signal: AbortSignal): Promise<void> {
    this.logger.info({ paymentId: transfer.id, code: refusal.code, id: refusal.error.id }, 'payment rejected');
    const rejection = rejectionOf(refusal, this.settings.ilpPrefix + transfer.creditAccount, new Date());
    await this.toLedger(transfer, signal, () => this.ledger.reject('R1', transfer.id, rejection));
  }

  /** A transfer that is final by now, or a ledger that stays down: its own clock and its next event decide. */
  private async toLedger(transfer: IncomingTransfer, signal: AbortSignal, call: () => Promise<unknown>): Promise<void> {
    try {
      await retryUntil(transfer.expiresAt, call, signal);
    } catch (err) {
      if (!isRefusal(err) && !(err instanceof OutOfTime)) throw err;
      this.logger.warn({ err, paymentId: transfer.id }, 'the ledger did not take the answer to a transfer');
    }
  }

  /** False if the transfer is not one of a payment whose end is not known. @throws to be given the event again */
  private async onEnded(
    transfer: IncomingTransfer,
    end: { outcome: PaymentOutcome; mayWait?: boolean },
  ): Promise<boolean> {
    if (await this.isKnownToPass(transfer)) return false;
    const payment =
      (await this.payments.findIssued(transfer.id)) ??
      (await this.knownByTransfer(transfer, this.settings.retentionDays * DAY_MS));
    if (!payment || payment.outcome || (await this.hasPassedHere(transfer))) return false;
    if (end.outcome === 'executed') {
      this.http.received('V.C', this.ledger.websocketUrl);
      const mismatch = mismatchOf(transfer, payment);
      if (mismatch) {
        // Somebody who knew a fulfilment of their own paid something else than what was set up.
        this.logger.error(
          { paymentId: transfer.id, code: mismatch.code, id: mismatch.error.id },
          'a transfer that is not the one set up was executed',
        );
        return false;
      }
    }
    await this.dfsp.tellEnd(payment, { ...end, endedAt: new Date() });
    return true;
  }

  /** As {@link hasPassedHere}, by what is kept: payments out of this DFSP end here too, and are not looked for. */
  private async isKnownToPass({ packet, creditAccount }: IncomingTransfer): Promise<boolean> {
    if (this.isOwnAddress(addressOf(packet))) return false;
    return (await this.accounts.findKept(creditAccount))?.direct_use === true;
  }

  /** As {@link isOfOthers}, of a transfer that is over. @throws ContractError while the ledger cannot be asked */
  private async hasPassedHere({ packet, creditAccount }: IncomingTransfer): Promise<boolean> {
    if (this.isOwnAddress(addressOf(packet))) return false;
    return (await this.accounts.find(creditAccount))?.direct_use !== false;
  }

  private isOwnAddress(address: string | undefined): boolean {
    return address !== undefined && isUnderPrefix(address, this.settings.ilpPrefix);
  }
}
