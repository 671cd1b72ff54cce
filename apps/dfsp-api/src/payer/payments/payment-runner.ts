import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import { LedgerAccounts } from '../../ledger/ledger-accounts.js';
import { PaymentCharges } from '../../charges/payment-charges.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from './outgoing-payments.repository.js';
import { PaymentErrorId, paymentError } from '../../ledger/payment-errors.js';
import { PaymentKeeper, type PaymentNews } from './payment-keeper.js';
import { errorOfRejection } from './rejection.js';

/** Longer than hops P.A and row-47 may take: until then their own answer is awaited. */
export const PAYMENT_TAKES_MS_MAX = 80_000;

/** How a payment that did not fail stands. */
export interface PaymentRun {
  status: 'paid' | 'pending';
  fulfillment?: string | undefined;
}

/** How a claimed payment is sent. */
export interface PaymentOrder {
  /** After it no transfer of this payment can be prepared any more. */
  expiresAt: Date;
  /** What leaves the payer's account, fee apart, in minor units. */
  amount: bigint;
  /** SHA-256 of the fulfilment, base64url. */
  conditionHash: string;
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
   * fees, fail, nothing was sent that could move money. How the payment ended is what the own ledger says of its
   * transfer; while that cannot be read the payment is pending.
   * @throws ContractError whatever `prepare` throws; the reason of whoever rejected the payment; 422
   * ExpiredTransferError; 502
   */
  async run(claimed: OutgoingPayment, prepare: () => Promise<PaymentOrder>): Promise<PaymentRun> {
    const { send, ...order } = await this.prepared(claimed, prepare);
    const checkAt = new Date(Date.now() + PAYMENT_TAKES_MS_MAX);
    if (!(await this.payments.begin(claimed.paymentId, { ...order, checkAt }))) {
      throw paymentError(PaymentErrorId.Expired);
    }
    const payment = Object.assign(claimed, order);
    const end = await this.keeper.confirmed(payment, await this.sent(payment, send));
    if (!end) {
      await this.payments.checkAgain(payment.paymentId, new Date());
      return { status: 'pending' };
    }
    await this.keeper.record(payment, end);
    if (end.status === OutgoingPaymentStatus.Executed)
      return { status: 'paid', fulfillment: end.fulfillment ?? undefined };
    if (end.status === OutgoingPaymentStatus.Expired) throw paymentError(PaymentErrorId.Expired);
    throw errorOfRejection(end.rejectionMessage);
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
  private async sent(payment: OutgoingPayment, send: () => Promise<PaymentNews>): Promise<PaymentNews> {
    const { paymentId } = payment;
    try {
      return (await send()) ?? {};
    } catch (error) {
      this.logger.warn({ paymentId, err: error }, 'a payment was not answered with a result');
      const wasRefused = error instanceof ContractError && error.status < 500;
      const found = await this.keeper.ask(payment);
      // By a client that knows of no such payment, which never began one; or whose transfer the own ledger refused.
      const isNotBegun = found === 'unknown' || (found !== 'unanswered' && found.status === 'rejected');
      if (wasRefused && isNotBegun && (await this.keeper.isNowhere(payment))) {
        await this.keeper.record(payment, { status: OutgoingPaymentStatus.Failed, rejectionMessage: reasonOf(error) });
        throw error;
      }
      if (found !== 'unknown' && found !== 'unanswered') return found;
      await this.payments.checkAgain(paymentId, new Date());
      // Whether it was begun is not known yet: a refusal would be taken for the end of it.
      throw wasRefused ? commonError(CommonErrorId.External, { cause: error }) : error;
    }
  }
}

/** An error as a rejection, so that it can be told again. */
function reasonOf({ id, message }: ContractError): Record<string, unknown> {
  return { message, additional_info: { id, message } };
}
