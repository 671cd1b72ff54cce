import { Injectable } from '@nestjs/common';
import { InvoiceErrorId, invoiceError, InvoiceRepository, InvoiceType } from '@level-one/invoice';
import type { PaymentTarget, ReceiverPaymentDto } from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid, RoleLogger } from '@level-one/platform';
import { givenAmount } from '../amounts.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { PaymentErrorId, paymentError } from '../payments/payment-errors.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';
import { SetupApprovalService } from './setup-approval.service.js';

/** What the payee's side tells of a payment; what is known already may be left out. */
export type PaymentNews = Pick<ReceiverPaymentDto, 'status'> &
  Partial<Pick<ReceiverPaymentDto, 'destinationAmount' | 'senderIdentifier' | 'transferId' | 'memo'>>;

/** Follows payments to this DFSP's customers (row 35). */
@Injectable()
export class ReceiverPaymentsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly payments: ReceiverPaymentsRepository,
    private readonly invoices: InvoiceRepository,
    private readonly setup: SetupApprovalService,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * `proposed` and `prepared` ask for approval: to return is to approve, to throw is to reject with that reason. The
   * other statuses tell how the payment ended. Saying the same again changes nothing.
   * @throws ContractError 404 InvoiceNotFoundError, UserNotFound, NotFoundError; 422.
   */
  async tell(paymentId: string, news: PaymentNews, target?: PaymentTarget): Promise<void> {
    const payment = await this.known(paymentId.toLowerCase(), news, target);
    this.assertSame(payment, news, target);
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

  private async known(
    paymentId: string,
    news: PaymentNews,
    target: PaymentTarget | undefined,
  ): Promise<ReceiverPayment> {
    const payment = await this.payments.find(paymentId);
    if (payment) return payment;
    if (target && 'invoiceId' in target) await this.claim(paymentId, target.invoiceId, news);
    const claimed = await this.payments.find(paymentId);
    if (!claimed) throw commonError(CommonErrorId.NotFound, { message: 'Unknown payment' });
    return claimed;
  }

  /** An invoice may be claimed by its transfer too, without a setup before it (contract 4.1). */
  private async claim(paymentId: string, invoiceId: string, news: PaymentNews): Promise<void> {
    const invoice = isContractUuid(invoiceId) ? await this.invoices.find(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    if (news.status !== 'proposed' && news.status !== 'prepared') return;
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
    if (givenAmount(destinationAmount, this.settings.scale) !== payment.amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The amount is not the one that was set up' });
    }
  }

  private async approve(payment: ReceiverPayment, { transferId }: PaymentNews): Promise<void> {
    const { paymentId } = payment;
    if (await this.payments.prepare(paymentId, (transferId ?? paymentId).toLowerCase(), new Date())) return;
    const { status } = (await this.payments.find(paymentId)) ?? payment;
    const isApproved = status === ReceiverPaymentStatus.Prepared || status === ReceiverPaymentStatus.Executed;
    if (isApproved) return;
    if (payment.invoiceId !== null) throw invoiceError(InvoiceErrorId.NotPending);
    throw paymentError(PaymentErrorId.Expired, { message: 'The time of this payment is over' });
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
