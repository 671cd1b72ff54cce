import { Injectable } from '@nestjs/common';
import { InvoiceErrorId, invoiceError, InvoiceRepository, InvoiceType } from '@level-one/invoice';
import { ContractError } from '@level-one/errors';
import {
  type PaymentNewsDto,
  type PaymentTarget,
  type QuotedPaymentData,
  readTransferType,
  type ReceiverPaymentDto,
} from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid, RoleLogger } from '@level-one/platform';
import { type Quote, QuoteErrorId, quoteError } from '@level-one/quote';
import { givenAmount } from '../amounts.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { LedgerAccounts } from '../ledger-accounts.js';
import { PaymentCharges } from '../payment-charges.js';
import { PaymentErrorId, paymentError } from '../payments/payment-errors.js';
import { OwnTransfers } from './own-transfers.service.js';
import { type ArrivingTransfer, assertGoesWith, QuoteChecks } from './quote-checks.service.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';
import { SetupApprovalService } from './setup-approval.service.js';

/** What the payee's side tells of a payment; what is known already may be left out. */
export type PaymentNews = Pick<ReceiverPaymentDto, 'status'> &
  Partial<Pick<ReceiverPaymentDto, 'destinationAmount' | 'senderIdentifier' | 'transferId' | 'memo'>> &
  Partial<Pick<PaymentNewsDto, 'destinationAccount' | 'sourceAmount' | 'data'>>;

/** Follows payments to this DFSP's customers (row 35). */
@Injectable()
export class ReceiverPaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly payments: ReceiverPaymentsRepository,
    private readonly invoices: InvoiceRepository,
    private readonly setup: SetupApprovalService,
    private readonly accounts: LedgerAccounts,
    private readonly quotes: QuoteChecks,
    private readonly transfers: OwnTransfers,
    private readonly charges: PaymentCharges,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * `proposed` and `prepared` ask for approval: to return is to approve, to throw is to reject with that reason. The
   * other statuses tell how the payment ended. Saying the same again changes nothing. Of a quoted payment the DFSP's own
   * ledger has to say the same.
   * @throws ContractError 404 InvoiceNotFoundError, UserNotFound, NotFoundError; 422.
   */
  async tell(id: string, news: PaymentNews, target?: PaymentTarget): Promise<void> {
    const paymentId = id.toLowerCase();
    const payment = await this.known(paymentId, news, target);
    this.assertSame(payment, news, target);
    if (payment.isQuoted) {
      if (!asksFor(news)) await this.assertEnded(payment, news);
      else if (!isTaken(payment, news)) await this.assertPrepared(await this.quotes.find(paymentId), paymentId, news);
    }
    return this.take(payment, news);
  }

  /**
   * Row 48, and row 35 by the payment's id alone. `proposed` asks what this DFSP thinks of a quoted payment and changes
   * nothing, `prepared` asks it to take it.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, QuoteMismatchError, and as
   * {@link tell}; 422 UnprocessableEntityError for what the DFSP's own ledger does not know of
   */
  async tellById(id: string, news: PaymentNews): Promise<void> {
    const paymentId = id.toLowerCase();
    const known = await this.payments.find(paymentId);
    if (!asksFor(news)) return this.ended(paymentId, known, news);
    if (known && (!known.isQuoted || isTaken(known, news))) return this.tell(paymentId, news);
    const quote = await this.quotes.assertFits(paymentId, this.arriving(news));
    if (news.status === 'proposed') return;
    await this.assertPrepared(quote, paymentId, news);
    const payment = known ?? (await this.proposed(quote));
    this.assertSame(payment, news, undefined);
    await this.take(payment, news);
  }

  private async take(payment: ReceiverPayment, news: PaymentNews): Promise<void> {
    switch (news.status) {
      case 'proposed':
      case 'prepared':
        return this.approve(payment, news);
      case 'executed':
        return this.execute(payment);
      case 'rejected':
        return this.fail(payment, ReceiverPaymentStatus.Rejected);
      case 'expired':
        return this.fail(payment, ReceiverPaymentStatus.Expired);
    }
  }

  /** A quoted payment that never came was never stored: nothing has ended. */
  private async ended(paymentId: string, payment: ReceiverPayment | null, news: PaymentNews): Promise<void> {
    if (payment) {
      await this.assertEnded(payment, news);
      return this.take(payment, news);
    }
    if (!(await this.quotes.find(paymentId))) throw quoteError(QuoteErrorId.NotFound);
  }

  private async assertEnded({ paymentId, transferId }: ReceiverPayment, news: PaymentNews): Promise<void> {
    const outcome = await this.transfers.outcomeOf(transferId ?? news.transferId ?? paymentId);
    if (outcome === news.status) return;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `At the ledger the transfer is ${outcome}` });
  }

  /** What the ledger has prepared is what was quoted, whatever is told of it. */
  private async assertPrepared(quote: Quote | null, paymentId: string, { transferId }: PaymentNews): Promise<void> {
    assertGoesWith(quote, paymentId, await this.transfers.prepared(transferId ?? paymentId));
  }

  /** Two who are told of one transfer at once both go on with what the first of them stored. */
  private async proposed(quote: Quote): Promise<ReceiverPayment> {
    try {
      return await this.setup.proposeQuoted(quote);
    } catch (error) {
      const faster = await this.payments.find(quote.paymentId);
      if (faster) return faster;
      throw error;
    }
  }

  private arriving(news: PaymentNews): ArrivingTransfer {
    const { transferId, destinationAmount, sourceAmount, destinationAccount, data } = news;
    const amounts = {
      amount: destinationAmount === undefined ? undefined : givenAmount(destinationAmount, this.settings),
      sourceAmount: sourceAmount === undefined ? undefined : givenAmount(sourceAmount, this.settings),
    };
    return {
      transferId: transferId?.toLowerCase(),
      destinationAccount: destinationAccount && this.accounts.uriOf(this.accounts.nameOf(destinationAccount)),
      ...amounts,
      ...factsIn(data),
    };
  }

  private async known(
    paymentId: string,
    news: PaymentNews,
    target: PaymentTarget | undefined,
  ): Promise<ReceiverPayment> {
    const payment = await this.payments.find(paymentId);
    if (payment) return payment;
    if (target && 'invoiceId' in target) await this.claim(paymentId, target.invoiceId, news);
    else if (asksFor(news)) await this.proposeQuoted(paymentId, news);
    const claimed = await this.payments.find(paymentId);
    if (!claimed) throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
    return claimed;
  }

  /** A payment to a number may come without a setup where it was quoted; then it has to be as it was quoted. */
  private async proposeQuoted(paymentId: string, news: PaymentNews): Promise<void> {
    if (!(await this.quotes.find(paymentId))) return;
    const { senderIdentifier: payerIdentifier } = news;
    const payer = payerIdentifier === undefined ? {} : { payerIdentifier };
    await this.proposed(await this.quotes.assertFits(paymentId, { ...this.arriving(news), ...payer }));
  }

  /** An invoice may be claimed by its transfer too, without a setup before it (contract 4.1). */
  private async claim(paymentId: string, invoiceId: string, news: PaymentNews): Promise<void> {
    const invoice = isContractUuid(invoiceId) ? await this.invoices.find(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    if (!asksFor(news)) return;
    const { senderIdentifier, destinationAmount: amount, memo } = news;
    if (senderIdentifier === undefined) throw invoiceError(InvoiceErrorId.PayerMissmatch);
    await this.setup.approve({
      invoiceId,
      senderIdentifier,
      paymentId,
      ...(amount === undefined ? {} : { amount }),
      ...(memo === undefined ? {} : { memo }),
    });
  }

  private assertSame(payment: ReceiverPayment, news: PaymentNews, target: PaymentTarget | undefined): void {
    const isSameTarget =
      target === undefined ||
      ('invoiceId' in target
        ? payment.invoiceId === target.invoiceId.toLowerCase()
        : payment.invoiceId === null && payment.identifier === target.identifier);
    if (!isSameTarget) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The payment is for somebody else' });
    }
    if (news.senderIdentifier !== undefined && news.senderIdentifier !== payment.senderIdentifier) {
      throw invoiceError(InvoiceErrorId.PayerMissmatch);
    }
    const { destinationAmount } = news;
    if (destinationAmount === undefined) return;
    if (givenAmount(destinationAmount, this.settings) !== payment.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The amount is not the one that was set up' });
    }
  }

  private async approve(payment: ReceiverPayment, { transferId }: PaymentNews): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.prepare(payment, (transferId ?? paymentId).toLowerCase(), new Date())) {
      return this.charge(payment);
    }
    const { status } = (await this.payments.find(paymentId)) ?? payment;
    if (status === ReceiverPaymentStatus.Prepared) return this.charge(payment);
    if (status === ReceiverPaymentStatus.Executed) return;
    if (payment.invoiceId !== null) throw invoiceError(InvoiceErrorId.NotPending);
    if (payment.isQuoted) throw quoteError(QuoteErrorId.Expired);
    throw paymentError(PaymentErrorId.Expired, { message: 'The time of this payment is over' });
  }

  /**
   * The payee's fee and commission go to the ledger before the payment is approved. A ledger that refuses them ends it.
   */
  private async charge(payment: ReceiverPayment): Promise<void> {
    if (!payment.isQuoted) return;
    try {
      await this.charges.ofPayee(payment.paymentId);
    } catch (error) {
      if (error instanceof ContractError && error.status < 500) {
        await this.payments.fail(payment, ReceiverPaymentStatus.Rejected);
      }
      throw error;
    }
  }

  private async execute(payment: ReceiverPayment): Promise<void> {
    const { paymentId, status } = payment;
    const wasGivenUp = status === ReceiverPaymentStatus.Rejected || status === ReceiverPaymentStatus.Expired;
    if (wasGivenUp) this.logger.error({ paymentId, status }, 'money came for a payment that had been given up');
    const { moved, invoice } = await this.payments.execute(payment);
    if (!moved || payment.invoiceId === null || invoice) return;
    await this.reportIfTooMany(payment);
  }

  /** Products are paid again and again; any other invoice that was not open took a payment too many. */
  private async reportIfTooMany({ paymentId, invoiceId }: ReceiverPayment): Promise<void> {
    const found = invoiceId === null ? null : await this.invoices.find(invoiceId);
    if (!found || found.type === InvoiceType.Product) return;
    this.logger.error({ paymentId, invoiceId, status: found.status }, 'money came for an invoice that was not open');
  }

  private async fail(
    payment: ReceiverPayment,
    status: ReceiverPaymentStatus.Rejected | ReceiverPaymentStatus.Expired,
  ): Promise<void> {
    if (await this.payments.fail(payment, status)) return;
    const now = await this.payments.find(payment.paymentId);
    if (now?.status === ReceiverPaymentStatus.Executed) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The payment has been executed' });
    }
  }
}

/** Whether approval is asked for; otherwise it is told how a payment ended. */
function asksFor({ status }: PaymentNews): boolean {
  return status === 'proposed' || status === 'prepared';
}

/** Whether the payment was approved for this very transfer before. */
function isTaken({ status, transferId, paymentId }: ReceiverPayment, news: PaymentNews): boolean {
  const isApproved = status === ReceiverPaymentStatus.Prepared || status === ReceiverPaymentStatus.Executed;
  return isApproved && transferId === (news.transferId ?? paymentId).toLowerCase();
}

/** What the payment request says of the payment, as far as it says it in the right form. */
function factsIn(data: QuotedPaymentData | undefined): Partial<ArrivingTransfer> {
  const texts = {
    currency: data?.currency,
    payerIdentifier: data?.payer?.identifier,
    payeeIdentifier: data?.payee?.identifier,
  };
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string')),
    ...(typeof data?.transferType === 'string' ? readTransferType(data.transferType) : {}),
  };
}
