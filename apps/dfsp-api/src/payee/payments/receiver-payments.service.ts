import { Injectable } from '@nestjs/common';
import { isClientError } from '@level-one/errors';
import { type Invoice, InvoiceErrorId, invoiceError, InvoiceRepository, InvoiceType } from '@level-one/invoice';
import {
  type PaymentNewsDto,
  type PaymentTarget,
  type QuotedPaymentData,
  readTransferType,
  type ReceiverPaymentDto,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount, isContractUuid, RoleLogger } from '@level-one/platform';
import { type Quote, quoteError, QuoteErrorId, QuoteRepository, QuoteSide, type QuoteSides } from '@level-one/quote';
import { begun } from '@level-one/work';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { type OwnTransfer, OwnTransfers } from '../../ledger/own-transfers.js';
import { PaymentCharges } from '../../charges/payment-charges.js';
import { PaymentErrorId, paymentError } from '../../ledger/payment-errors.js';
import { type ArrivingTransfer, assertGoesWith } from './quote-checks.js';
import { approvedOf, ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';
import { SetupApprovalService } from './setup-approval.service.js';

/** News of a payment from the payee's side; what was set up may be left out. */
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
    private readonly accounts: OwnAccounts,
    private readonly quotes: QuoteRepository,
    private readonly transfers: OwnTransfers,
    private readonly charges: PaymentCharges,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * `proposed` and `prepared` ask for approval: returning approves, throwing rejects with the error as reason. The
   * other statuses report how the payment ended. Repeated news changes nothing. Nothing changes unless the transfer at
   * the DFSP's ledger has the same status; `proposed` changes no more than a setup does.
   * @throws ContractError 404 InvoiceNotFoundError, UserNotFound, NotFoundError; 422; 503 while the ledger cannot be
   * read
   */
  async recordNews(id: string, news: PaymentNews, target?: PaymentTarget): Promise<void> {
    const paymentId = id.toLowerCase();
    assertSameId(paymentId, news);
    await this.takeNews(paymentId, await this.payments.findPayment(paymentId), news, { target });
  }

  private async takeNews(
    paymentId: string,
    known: ReceiverPayment | null,
    news: PaymentNews,
    { target, found }: { target?: PaymentTarget | undefined; found?: FoundTransfer | undefined },
  ): Promise<void> {
    if (!asksFor(news)) return this.endPayment(known ?? (await this.refuseUnknown(paymentId, target)), news, target);
    if (known) this.assertSame(known, news, target);
    const invoice = known ? null : await this.invoiceOf(target);
    const sides = known?.isQuoted === false ? NO_QUOTES : await this.quotes.findSides(paymentId);
    const { credit: quote } = sides;
    if (!known && !invoice && !quote) return this.refuseUnknown(paymentId, target);
    if (news.status === 'prepared' && !isTaken(known)) {
      const arrived = await this.preparedTransferOf(paymentId, known, found);
      if (known?.isQuoted ?? quote !== null) assertGoesWith(quote, paymentId, this.quotedOf(arrived, quote));
      else this.assertPays(arrived, known ? approvedOf(known) : invoice!);
    }
    if (!known && !invoice) {
      const { senderIdentifier: payerIdentifier } = news;
      const payer = payerIdentifier === undefined ? {} : { payerIdentifier };
      assertGoesWith(quote, paymentId, { ...this.arrivingTransferOf(news, quote), ...payer });
      return this.takeQuoted(quote, news, sides, target);
    }
    const payment = known ?? (await this.claimInvoice(paymentId, invoice!.id, news));
    this.assertSame(payment, news, target);
    await this.approvePayment(payment, news, sides);
  }

  /**
   * Row 48, and row 35 by the payment's id alone. `proposed` checks a quoted payment and changes nothing, `prepared`
   * asks for its approval.
   * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, QuoteMismatchError, and as
   * {@link recordNews}; 422 UnprocessableEntityError if the DFSP's ledger has no such transfer
   */
  async recordNewsById(id: string, news: PaymentNews): Promise<void> {
    const paymentId = id.toLowerCase();
    if (!asksFor(news)) {
      const ended = await this.payments.findPayment(paymentId);
      if (ended) return this.endPayment(ended, news, undefined);
      // A quoted payment that never arrived was not stored: there is nothing to end.
      if (await this.findGivenQuote(paymentId)) return;
      throw quoteError(QuoteErrorId.NotFound);
    }
    // Asked for at once, because almost every payment needs it.
    const found = news.status === 'prepared' ? begun(this.transfers.findTransfer(paymentId)) : undefined;
    const [known, sides] = await Promise.all([this.payments.findPayment(paymentId), this.quotes.findSides(paymentId)]);
    const isSame = news.transferId === undefined || news.transferId.toLowerCase() === paymentId;
    if (known && (!known.isQuoted || (isTaken(known) && isSame))) {
      assertSameId(paymentId, news);
      return this.takeNews(paymentId, known, news, { found });
    }
    const { credit: quote } = sides;
    assertGoesWith(quote, paymentId, this.arrivingTransferOf(news, quote));
    if (!found) return;
    const arrived = await this.preparedTransferOf(paymentId, known, found);
    assertGoesWith(quote, paymentId, this.quotedOf(arrived, quote));
    if (!known) return this.takeQuoted(quote, news, sides);
    this.assertSame(known, news, undefined);
    await this.approvePayment(known, news, sides);
  }

  /** A quoted payment that arrives without a setup. */
  private async takeQuoted(quote: Quote, news: PaymentNews, sides: QuoteSides, target?: PaymentTarget): Promise<void> {
    this.assertSame(expectedOf(quote), news, target);
    const charging = news.status === 'prepared' ? this.beginCharges(quote.paymentId, sides) : undefined;
    await this.approvePayment(await this.quotedPaymentOf(quote, news), news, sides, charging);
  }

  /**
   * The prepared transfer of a payment. A payment that has ended is refused, whatever the ledger answers.
   * @param found where the ledger was asked before
   * @throws ContractError 422 UnprocessableEntityError if none is prepared; 503
   */
  private async preparedTransferOf(
    paymentId: string,
    known: ReceiverPayment | null,
    found?: FoundTransfer,
  ): Promise<OwnTransfer> {
    if (known && !isWaiting(known)) throw refusalOf(known);
    const transfer = await (found ?? this.transfers.findTransfer(paymentId));
    if (transfer?.state === 'prepared') return transfer;
    throw notAllowed('The ledger has no prepared transfer with this id');
  }

  private assertPays(transfer: OwnTransfer, expected: { amount: bigint; account: string }): void {
    if (!this.transfers.creditsExactly(transfer, expected))
      throw notAllowed('The transfer is not the one that was set up');
  }

  private quotedOf({ credit }: OwnTransfer, quote: Quote | null): ArrivingTransfer {
    // 0 for an unreadable amount: it matches no quote.
    return { amount: credit?.amount ?? 0n, destinationAccount: this.asInQuote(quote, credit?.account ?? '') };
  }

  /** URI of an own account; as the quote has it, if the adapter has moved since then. */
  private asInQuote(quote: Quote | null, name: string): string {
    const kept = quote?.destinationAccount ?? '';
    return this.accounts.keptName(kept) === name ? kept : this.accounts.uriOf(name);
  }

  private async endPayment(
    payment: ReceiverPayment,
    news: PaymentNews,
    target: PaymentTarget | undefined,
  ): Promise<void> {
    this.assertSame(payment, news, target);
    const transfer = await this.transfers.findTransfer(payment.paymentId);
    if (!transfer || transfer.state !== news.status) {
      throw notAllowed(
        transfer ? `At the ledger the transfer is ${transfer.state}` : 'The ledger has no such transfer',
      );
    }
    if (transfer.state !== 'executed') {
      const { Rejected, Expired } = ReceiverPaymentStatus;
      return this.failPayment(payment, transfer.state === 'rejected' ? Rejected : Expired, transfer.rejection);
    }
    this.assertPays(transfer, approvedOf(payment));
    await this.executePayment(payment);
  }

  private async refuseUnknown(paymentId: string, target: PaymentTarget | undefined): Promise<never> {
    await this.invoiceOf(target);
    if (await this.findGivenQuote(paymentId)) throw notAllowed('No transfer was seen for this quote');
    throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
  }

  /** Stores the payment of a quote. Of two requests at once, both go on with the row of the first. */
  private async quotedPaymentOf(quote: Quote, { status }: PaymentNews): Promise<ReceiverPayment> {
    const { Prepared, Proposed } = ReceiverPaymentStatus;
    try {
      return await this.setup.addQuoted(quote, status === 'prepared' ? Prepared : Proposed);
    } catch (error) {
      const faster = await this.payments.findPayment(quote.paymentId);
      if (faster) return faster;
      throw error;
    }
  }

  private arrivingTransferOf(news: PaymentNews, quote: Quote | null): ArrivingTransfer {
    const { transferId, destinationAmount, sourceAmount, destinationAccount, data } = news;
    const amounts = {
      amount: destinationAmount === undefined ? undefined : givenAmount(destinationAmount, this.settings),
      sourceAmount: sourceAmount === undefined ? undefined : givenAmount(sourceAmount, this.settings),
    };
    return {
      transferId: transferId?.toLowerCase(),
      destinationAccount: destinationAccount && this.asInQuote(quote, this.accounts.nameOf(destinationAccount)),
      ...amounts,
      ...factsIn(data),
    };
  }

  /** An invoice may be claimed by its transfer too, without a setup before it (contract 4.1). */
  private async claimInvoice(paymentId: string, invoiceId: string, news: PaymentNews): Promise<ReceiverPayment> {
    const { senderIdentifier, destinationAmount: amount, memo } = news;
    if (senderIdentifier === undefined) throw invoiceError(InvoiceErrorId.PayerMissmatch);
    const asked = { invoiceId, senderIdentifier, paymentId };
    const more = { ...(amount === undefined ? {} : { amount }), ...(memo === undefined ? {} : { memo }) };
    await this.setup.approveSetup({ ...asked, ...more }, undefined);
    const claimed = await this.payments.findPayment(paymentId);
    if (!claimed) throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
    return claimed;
  }

  private findGivenQuote(paymentId: string): Promise<Quote | null> {
    return this.quotes.findQuote({ paymentId, side: QuoteSide.Credit });
  }

  /** Null for a payment to a number. @throws ContractError 404 InvoiceNotFoundError */
  private async invoiceOf(target: PaymentTarget | undefined): Promise<Invoice | null> {
    if (!target || !('invoiceId' in target)) return null;
    const { invoiceId } = target;
    const invoice = isContractUuid(invoiceId) ? await this.invoices.findInvoice(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    return invoice;
  }

  private assertSame(payment: ExpectedPayment, news: PaymentNews, target: PaymentTarget | undefined): void {
    const isSameTarget =
      target === undefined ||
      ('invoiceId' in target
        ? payment.invoiceId === target.invoiceId.toLowerCase()
        : payment.invoiceId === null && payment.identifier === target.identifier);
    if (!isSameTarget) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The payment has another payee' });
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

  private async approvePayment(
    payment: ReceiverPayment,
    { status: reported }: PaymentNews,
    sides: QuoteSides,
    begunCharges?: Promise<void>,
  ): Promise<void> {
    const { paymentId } = payment;
    if (reported === 'proposed') {
      if (isWaiting(payment) || isTaken(payment)) return;
      throw refusalOf(payment);
    }
    const isPrepared = payment.status === ReceiverPaymentStatus.Prepared;
    const hasCharges = payment.isQuoted && (isPrepared || isWaiting(payment));
    const charging = begunCharges ?? (hasCharges ? this.beginCharges(paymentId, sides) : Promise.resolve());
    if (isPrepared || (await this.payments.preparePayment(payment, sides.credit?.transferType ?? null, new Date()))) {
      return this.endCharges(payment, charging);
    }
    const { status } = (await this.payments.findPayment(paymentId)) ?? payment;
    if (status === ReceiverPaymentStatus.Prepared) return this.endCharges(payment, charging);
    if (status === ReceiverPaymentStatus.Executed) return;
    throw refusalOf(payment);
  }

  /**
   * Hands in the payee's fee and commission, while the payment is stored as prepared: they are booked with the transfer or
   * not at all, so those of a payment that is refused meanwhile change nothing.
   */
  private beginCharges(paymentId: string, sides: QuoteSides): Promise<void> {
    return begun(this.charges.handInPayees(paymentId, sides));
  }

  /** Before the payment is approved. If the ledger refuses the charges, the payment is rejected. */
  private async endCharges(payment: ReceiverPayment, charging: Promise<void>): Promise<void> {
    try {
      await charging;
    } catch (error) {
      if (isClientError(error)) {
        await this.payments.failPayment(payment, ReceiverPaymentStatus.Rejected, { additional_info: error.toBody() });
      }
      throw error;
    }
  }

  private async executePayment(payment: ReceiverPayment): Promise<void> {
    const { paymentId, status } = payment;
    const wasGivenUp = status === ReceiverPaymentStatus.Rejected || status === ReceiverPaymentStatus.Expired;
    if (wasGivenUp) this.logger.error({ paymentId, status }, 'a payment that was given up has executed');
    const { moved, invoice } = await this.payments.executeWithOthers(payment);
    if (!moved || payment.invoiceId === null || invoice) return;
    await this.reportIfTooMany(payment);
  }

  /** Logs an invoice that was paid twice. Products may be paid many times. */
  private async reportIfTooMany({ paymentId, invoiceId }: ReceiverPayment): Promise<void> {
    const found = invoiceId === null ? null : await this.invoices.findInvoice(invoiceId);
    if (!found || found.type === InvoiceType.Product) return;
    this.logger.error(
      { paymentId, invoiceId, status: found.status },
      'an invoice that was not open was paid: one payment too many',
    );
  }

  private async failPayment(
    payment: ReceiverPayment,
    status: ReceiverPaymentStatus.Rejected | ReceiverPaymentStatus.Expired,
    reason: Record<string, unknown> | undefined,
  ): Promise<void> {
    if (await this.payments.failPayment(payment, status, reason)) return;
    const now = await this.payments.findPayment(payment.paymentId);
    if (now?.status === ReceiverPaymentStatus.Executed) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The payment has been executed' });
    }
  }
}

/** What the ledger has under a payment's id. */
type FoundTransfer = Promise<OwnTransfer | undefined>;

/** What news of a payment are compared with. */
type ExpectedPayment = Pick<ReceiverPayment, 'invoiceId' | 'identifier' | 'senderIdentifier' | 'amount'>;

const NO_QUOTES: QuoteSides = { debit: null, credit: null };

function expectedOf({ invoiceId, ownIdentifier, identifier, transferAmount }: Quote): ExpectedPayment {
  return { invoiceId, identifier: ownIdentifier, senderIdentifier: identifier, amount: transferAmount };
}

/** Whether the news asks for approval; otherwise it reports how a payment ended. */
function asksFor({ status }: PaymentNews): boolean {
  return status === 'proposed' || status === 'prepared';
}

/** Whether the payment was approved before. */
function isTaken(payment: ReceiverPayment | null): boolean {
  return payment?.status === ReceiverPaymentStatus.Prepared || payment?.status === ReceiverPaymentStatus.Executed;
}

/** Whether its transfer may still arrive. */
function isWaiting({ status, expiresAt }: ReceiverPayment): boolean {
  return status === ReceiverPaymentStatus.Proposed && expiresAt > new Date();
}

/** Error for a payment that was set up and has ended. */
function refusalOf({ invoiceId, isQuoted }: ReceiverPayment): Error {
  if (invoiceId !== null) return invoiceError(InvoiceErrorId.NotPending);
  if (isQuoted) return quoteError(QuoteErrorId.Expired);
  return paymentError(PaymentErrorId.Expired, { message: 'The payment has expired' });
}

/** The transfer of a payment has the payment's id. */
function assertSameId(paymentId: string, { transferId }: PaymentNews): void {
  if (transferId === undefined || transferId.toLowerCase() === paymentId) return;
  throw notAllowed('transferId must be the id of the payment');
}

function notAllowed(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}

/** Facts of the payment request that have the right form. */
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
