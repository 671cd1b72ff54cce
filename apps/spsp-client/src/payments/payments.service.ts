import { Injectable } from '@nestjs/common';
import { ContractError, invalidBody } from '@level-one/errors';
import { accountOf } from '@level-one/ilp';
import { formatAmount } from '@level-one/money';
import {
  LedgerClient,
  type PaidIprDto,
  PaymentRequestDto,
  type PaymentResultDto,
  type SetupRequestDto,
  type WireTransfer,
} from '@level-one/peers';
import { commonError, CommonErrorId, currentTrace, givenAmount, withTrace } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { detailsOf, type IprOrder, readIprOrder } from './ipr-payment.js';
import { PayerAccounts } from '../accounts/payer-accounts.js';
import { echoedOrder, orderOfSetup, paymentFingerprint, type PaymentOrder } from './payment-order.js';
import { SpspClientPaymentOutcomes } from './outcomes/payment-outcomes.js';
import { type PaymentWaiter, PaymentWaiters } from './outcomes/payment-waiters.js';
import { type Payment, type PaymentDetails, paymentResult } from './store/payment.entity.js';
import { PaymentsRepository } from './store/payments.repository.js';
import { SpspClientQuotesService } from '../quotes/quotes.service.js';
import { SpspClientSetupService } from '../setup/setup.service.js';
import { SpspClientErrorId, spspClientError } from '../outside/spsp-client-errors.js';
import { SpspClientSettings } from '../spsp-client.settings.js';

const SEND_ATTEMPTS = 3;
const SEND_PAUSE_MS = 300;
/** Longer than one attempt to prepare T1: for this time another request may still be sending it. */
const SENDING_MS = 10_000;
/** Another instance may have ended the payment, so a waiting request looks for itself now and then. */
const POLL_MS = 1_000;

/** A payment before it is stored. */
interface PaymentPlan {
  details: PaymentDetails;
  /** T1, as it is sent to the own ledger. */
  transfer: WireTransfer;
  expiresAt: Date;
}

/** T1 before it has its URIs; accounts are names on the own ledger. */
interface SourceTransfer {
  payer: string;
  creditAccount: string;
  /** Minor units. */
  amount: bigint;
  packet: string;
  condition: string;
  expiresAt: Date;
}

/** Pays: stores the payment, prepares T1 on the own ledger, and waits for what becomes of it. */
@Injectable()
export class SpspClientPaymentsService {
  constructor(
    private readonly settings: SpspClientSettings,
    private readonly payments: PaymentsRepository,
    private readonly outcomes: SpspClientPaymentOutcomes,
    private readonly waiters: PaymentWaiters,
    private readonly setup: SpspClientSetupService,
    private readonly accounts: PayerAccounts,
    private readonly quotes: SpspClientQuotesService,
    private readonly ledger: LedgerClient,
  ) {}

  /**
   * Pays once, however often it is asked with one id; `isFirst` is false for a repeated request. `result.status` is
   * `pending` when the outcome is not known in time.
   * @throws ContractError 400; 404, 422 of the older form's setup; 422 ExpiredTransferError, UnacceptableRateError,
   * AlreadyExistsError, or the own ledger's refusal of T1; 502 when it cannot be reached.
   */
  async pay(id: string, body: PaymentRequestDto): Promise<{ isFirst: boolean; result: PaymentResultDto }> {
    if (body.id !== undefined && body.id.toLowerCase() !== id) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'id is not that of the path' });
    }
    // Whatever belongs to a payment is traced under its id (contract 0.3).
    const fingerprint = paymentFingerprint(body, this.settings);
    return withTrace({ ...currentTrace(), traceId: id }, () =>
      this.payOnce(id, fingerprint, () => this.findOrBegin(id, fingerprint, body)),
    );
  }

  /**
   * Pays a payment request (contract 3.8), once, however often it is asked. The DFSP that made the
   * request checks it when the transfer arrives.
   * @throws ContractError 400; 422 AlreadyExistsError, or the own ledger's refusal of T1; 502.
   */
  async payIpr(body: Readonly<Record<string, unknown>>): Promise<PaidIprDto> {
    const { setupLifetimeMaxS: holdMaxS } = this.settings;
    const order = readIprOrder(body, { unit: this.settings, holdMaxS });
    const { fingerprint, ipr } = order;
    const { paymentId } = ipr;
    const { result } = await withTrace({ ...currentTrace(), traceId: paymentId }, () =>
      this.payOnce(paymentId, fingerprint, async () =>
        this.beginPayment(paymentId, fingerprint, this.planOfIpr(order)),
      ),
    );
    const { status, rejectionMessage, fulfillment } = result;
    return {
      paymentId,
      connectorAccount: order.connectorAccount,
      status,
      ...(rejectionMessage === undefined ? {} : { rejectionMessage }),
      ...(fulfillment === undefined ? {} : { fulfillment }),
    };
  }

  /** @throws ContractError 404 NotFoundError */
  async readPayment(id: string): Promise<PaymentResultDto> {
    const payment = await this.payments.findPayment(id);
    if (!payment) throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
    return paymentResult(payment);
  }

  /** `begin` stores the payment, or finds it. */
  private async payOnce(
    id: string,
    fingerprint: string,
    begin: () => Promise<{ isNew: boolean; payment: Payment }>,
  ): Promise<{ isFirst: boolean; result: PaymentResultDto }> {
    // From before the payment is read: its end is not missed.
    const waiter = this.waiters.listen(id);
    try {
      const { isNew, payment } = await begin();
      if (payment.fingerprint !== fingerprint) {
        throw commonError(CommonErrorId.AlreadyExists, { message: 'The id is that of another payment' });
      }
      waiter.follow(payment);
      if (isNew) await this.sendTransfer(payment);
      else if (payment.status === 'pending') await this.resumePayment(payment);
      return { isFirst: isNew, result: await this.outcomeOf(payment, waiter) };
    } finally {
      waiter.stop();
    }
  }

  /** Finds the payment of a repeated request, also where it would be refused by now; else begins it. */
  private async findOrBegin(
    id: string,
    fingerprint: string,
    body: PaymentRequestDto,
  ): Promise<{ isNew: boolean; payment: Payment }> {
    // One that seems new may have been begun by another instance: it is found when it is stored, or refused here.
    const seemsNew = body.isEcho() && this.setup.takeNew(id);
    const known = seemsNew ? null : await this.payments.findPayment(id);
    if (known) return { isNew: false, payment: known };
    let plan: PaymentPlan;
    try {
      plan = await this.planOf(id, body);
    } catch (refusal) {
      const begun = await this.payments.findPayment(id);
      if (begun) return { isNew: false, payment: begun };
      throw refusal;
    }
    return this.beginPayment(id, fingerprint, plan);
  }

  /** Stores the payment; nothing was sent yet. */
  private beginPayment(id: string, fingerprint: string, { details, transfer, expiresAt }: PaymentPlan) {
    const now = new Date();
    return this.payments.keepFirst({
      id,
      fingerprint,
      details,
      transfer,
      expiresAt,
      status: 'pending',
      createdAt: now,
      checkAt: new Date(now.getTime() + SENDING_MS),
    });
  }

  private async planOf(id: string, body: PaymentRequestDto): Promise<PaymentPlan> {
    const order = body.isEcho() ? echoedOrder(id, body, this.settings) : await this.setUp(id, body);
    if (order.expiresAt <= new Date()) throw spspClientError(SpspClientErrorId.ExpiredTransfer);
    const { details, expiresAt } = order;
    return { details, expiresAt, transfer: await this.sourceTransfer(id, order) };
  }

  private planOfIpr(order: IprOrder): PaymentPlan {
    const expiresAt = new Date(Date.now() + order.sourceExpiryDuration * 1_000);
    const { paymentId, packet, condition } = order.ipr;
    const payer = this.accounts.nameOf(order.sourceAccount);
    const creditAccount = this.accounts.nameOf(order.connectorAccount);
    if (payer === creditAccount) {
      throw commonError(CommonErrorId.UnprocessableEntity, {
        message: 'sourceAccount and connectorAccount are the same',
      });
    }
    return {
      details: detailsOf(order, expiresAt, this.settings.scale),
      expiresAt,
      transfer: this.transferOf(paymentId, {
        payer,
        creditAccount,
        amount: order.sourceAmount,
        packet,
        condition,
        expiresAt,
      }),
    };
  }

  /** The older form names a receiver: the payment is set up here (PT 5.1). */
  private async setUp(id: string, body: PaymentRequestDto): Promise<PaymentOrder> {
    const { receiver, sourceAccount, sourceIdentifier, sourceAmount, destinationAmount, memo } = body;
    if (receiver === undefined || !URL.canParse(receiver))
      throw invalidBody('PaymentRequest', 'receiver', 'must be an http(s) URL');
    if (sourceIdentifier === undefined) throw invalidBody('PaymentRequest', 'sourceIdentifier', 'must be given');
    const request: SetupRequestDto = {
      receiver,
      sourceAccount,
      sourceIdentifier,
      ...(destinationAmount === undefined ? {} : { destinationAmount }),
      ...(memo === undefined ? {} : { memo }),
      paymentId: id,
    };
    const order = orderOfSetup(await this.setup.setUp(request), body, this.settings);
    if (sourceAmount !== undefined && order.sourceAmount > givenAmount(sourceAmount, this.settings)) {
      throw spspClientError(SpspClientErrorId.UnacceptableRate);
    }
    return order;
  }

  /** T1 (row 26). Hop P.C gives the account that it credits, and whether the amount is enough. */
  private async sourceTransfer(id: string, order: PaymentOrder): Promise<WireTransfer> {
    const payer = this.accounts.nameOf(order.sourceAccount);
    const from = this.accounts.addressOf(payer);
    const to = order.address ?? this.accounts.addressOf(this.accounts.nameOf(order.destinationAccount ?? ''));
    const quote = await this.quotes.forPayment('P.C', { from, to, amount: order.destinationAmount });
    if (quote.sourceAmount > order.sourceAmount) throw spspClientError(SpspClientErrorId.UnacceptableRate);
    const creditAccount = quote.connectorAccount ?? accountOf(to, this.settings.ilpPrefix)!;
    return this.transferOf(id, {
      payer,
      creditAccount,
      amount: order.sourceAmount,
      packet: order.packet,
      condition: order.condition,
      expiresAt: order.expiresAt,
    });
  }

  private transferOf(id: string, { payer, creditAccount, amount, packet, condition, expiresAt }: SourceTransfer) {
    const text = formatAmount(amount, this.settings.scale);
    return {
      id: this.ledger.transferUri(id),
      ledger: this.ledger.baseUrl,
      debits: [{ account: this.ledger.accountUri(payer), amount: text, authorized: true, memo: {} }],
      credits: [{ account: this.ledger.accountUri(creditAccount), amount: text, memo: { ilp: packet } }],
      execution_condition: condition,
      expires_at: expiresAt.toISOString(),
    };
  }

  /** Hop P.D. After an answer that never came the ledger is asked what it knows, before T1 is sent again. */
  private async sendTransfer(payment: Payment, { wasSent = false } = {}): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const transfer = await this.ledger.putTransfer('P.D', payment.id, payment.transfer);
        // A ledger that answers later answers nothing now (D34).
        if (transfer) await this.outcomes.learnState(payment, transfer);
        return;
      } catch (error) {
        if (!(error instanceof ContractError)) throw error;
        if (error.status < 500) return this.refusePayment(payment, error, { mayBeKnown: wasSent || attempt > 1 });
        if (await this.isPrepared(payment)) return;
        if (attempt === SEND_ATTEMPTS || payment.expiresAt <= new Date()) throw error;
      }
      await sleep(SEND_PAUSE_MS * attempt);
    }
  }

  /** After an attempt without an answer, T1 may be prepared although this attempt was refused: the ledger decides. */
  private async refusePayment(
    payment: Payment,
    error: ContractError,
    { mayBeKnown }: { mayBeKnown: boolean },
  ): Promise<void> {
    const transfer = mayBeKnown ? await this.outcomes.transferOf(payment) : undefined;
    if (transfer) return this.outcomes.learnState(payment, transfer);
    // Missing rights of this role on the ledger are not the payer's error.
    const isOurs = error.status === 401 || error.status === 403;
    const cause = isOurs ? commonError(CommonErrorId.External, { message: `P.D: ${error.message}` }) : error;
    await this.outcomes.recordRefusal(payment, { status: cause.status, body: cause.toBody() });
  }

  private async isPrepared(payment: Payment): Promise<boolean> {
    const transfer = await this.outcomes.transferOf(payment).catch(() => undefined);
    if (!transfer) return false;
    await this.outcomes.learnState(payment, transfer);
    return true;
  }

  /** A repeated request takes over from one that may have died before it sent T1. */
  private async resumePayment(payment: Payment): Promise<void> {
    const now = Date.now();
    if (now - payment.createdAt.getTime() < SENDING_MS || payment.expiresAt.getTime() <= now) return;
    if (!(await this.isPrepared(payment))) await this.sendTransfer(payment, { wasSent: true });
  }

  private async outcomeOf(begun: Payment, waiter: PaymentWaiter): Promise<PaymentResultDto> {
    const { waitMs, expiryWaitS } = this.settings;
    const deadline = Math.min(Date.now() + waitMs, begun.expiresAt.getTime() + expiryWaitS * 1_000);
    let payment = begun;
    while (payment.status === 'pending') {
      const remainingMs = Math.max(0, deadline - Date.now());
      const ended = await waiter.wait(Math.min(POLL_MS, remainingMs));
      payment = ended ?? (await this.payments.findPayment(payment.id)) ?? payment;
      if (remainingMs === 0 || this.waiters.closed) break;
    }
    if (payment.refusal) throw refusalError(payment.refusal);
    return paymentResult(payment);
  }
}

function refusalError({ status, body }: NonNullable<Payment['refusal']>): ContractError {
  const { id, message, ...extras } = body;
  return new ContractError(status, id, message, extras);
}
