import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import type { PaymentResultDto } from '@level-one/peers';
import { CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import { LedgerAccounts } from '../ledger-accounts.js';
import { PaymentCharges } from '../payment-charges.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { PaymentErrorId, paymentError } from './payment-errors.js';
import { endOf, PaymentKeeper } from './payment-keeper.js';
import { errorOfRejection } from './rejection.js';

/** Longer than hops P.A and row-47 may take: until then their own answer is awaited. */
export const PAYMENT_TAKES_MS_MAX = 80_000;

/** What a payment is told to have become. */
export type PaymentNews = Pick<PaymentResultDto, 'status' | 'fulfillment' | 'rejectionMessage'>;

/** How a payment that did not fail stands. */
export interface PaymentRun {
  status: 'paid' | 'pending';
  fulfillment?: string | undefined;
}

/** How a claimed payment is sent. */
export interface PaymentOrder {
  /** After it no transfer of this payment can be prepared any more. */
  expiresAt: Date;
  send: () => Promise<PaymentNews>;
}

/** Sends a payment that is stored; whatever happens it is brought to an end, by this or by its keeper. */
@Injectable()
export class PaymentRunner {
  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly charges: PaymentCharges,
    private readonly keeper: PaymentKeeper,
    private readonly accounts: LedgerAccounts,
    private readonly logger: RoleLogger,
  ) {}

  /** @throws ContractError 422 InsufficientFundsError when the account cannot bear it all */
  async assertAffordable({ account, amount, fee }: Pick<OutgoingPayment, 'account' | 'amount' | 'fee'>): Promise<void> {
    if ((await this.accounts.available(account)) < amount + fee) throw paymentError(PaymentErrorId.InsufficientFunds);
  }

  /**
   * Hands in the fees, then sends the payment. `prepare` may still ask others, and tells how it is sent; when it, or the
   * fees, fail, nothing was sent that could move money.
   * @throws ContractError whatever `prepare` throws; the reason of whoever rejected the payment; 422
   * ExpiredTransferError; 502
   */
  async run(payment: OutgoingPayment, prepare: () => Promise<PaymentOrder>): Promise<PaymentRun> {
    const order = await this.prepared(payment, prepare);
    const checkAt = new Date(Date.now() + PAYMENT_TAKES_MS_MAX);
    if (!(await this.payments.begin(payment.paymentId, order.expiresAt, checkAt))) {
      throw paymentError(PaymentErrorId.Expired);
    }
    const result = await this.send(payment, order);
    const end = endOf(result);
    if (!end) {
      await this.payments.checkAgain(payment.paymentId, new Date());
      return { status: 'pending' };
    }
    await this.keeper.record(payment, end);
    if (end.status === OutgoingPaymentStatus.Executed) return { status: 'paid', fulfillment: result.fulfillment };
    if (end.status === OutgoingPaymentStatus.Expired) throw paymentError(PaymentErrorId.Expired);
    throw errorOfRejection(result.rejectionMessage);
  }

  private async prepared(payment: OutgoingPayment, prepare: () => Promise<PaymentOrder>): Promise<PaymentOrder> {
    try {
      const order = await prepare();
      await this.charges.ofPayer(payment.paymentId);
      return order;
    } catch (error) {
      const wasRefused = error instanceof ContractError && error.status < 500;
      await this.payments.giveUp(payment, wasRefused ? { rejectionMessage: reasonOf(error) } : {});
      throw error;
    }
  }

  /** When that fails, the SPSP client is asked what it made of the payment. */
  private async send(payment: OutgoingPayment, { send }: PaymentOrder): Promise<PaymentNews> {
    const { paymentId } = payment;
    try {
      return await send();
    } catch (error) {
      this.logger.warn({ paymentId, err: error }, 'a payment was not answered with a result');
      // A refusal by a client that knows of no such payment is final: it never began one.
      const wasRefused = error instanceof ContractError && error.status < 500;
      const found = await this.keeper.ask(payment);
      if (found === 'unknown' && wasRefused) {
        await this.keeper.record(payment, { status: OutgoingPaymentStatus.Failed, rejectionMessage: reasonOf(error) });
        throw error;
      }
      if (found === 'unknown' || found === 'unanswered') {
        await this.payments.checkAgain(paymentId, new Date());
        // Whether it was begun is not known yet: a refusal would be taken for the end of it.
        throw wasRefused ? commonError(CommonErrorId.External, { cause: error }) : error;
      }
      if (endOf(found)?.status === OutgoingPaymentStatus.Rejected && wasRefused) {
        // The own ledger refused its transfer: it was never prepared.
        await this.keeper.record(payment, { status: OutgoingPaymentStatus.Failed, rejectionMessage: reasonOf(error) });
        throw error;
      }
      return found;
    }
  }
}

/** An error as a rejection, so that it can be told again. */
function reasonOf({ id, message }: ContractError): Record<string, unknown> {
  return { message, additional_info: { id, message } };
}
