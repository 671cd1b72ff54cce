import { Injectable } from '@nestjs/common';
import { type Invoice, InvoiceErrorId, invoiceError, InvoiceType } from '@level-one/invoice';
import { currencySymbol, formatAmount } from '@level-one/money';
import {
  type ApprovalRequestDto,
  RegisteredOrigins,
  requestFingerprint,
  type SetupApprovalDto,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import { type Quote, QuoteRepository, QuoteSide, TransferType } from '@level-one/quote';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { InvoicePayees } from './invoice-payees.service.js';
import { assertGoesWith } from './quote-checks.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

/** Payee and invoice of a payment. */
interface Payee {
  invoice: Invoice | null;
  identifier: string;
  name: string;
  /** Name of the account on the DFSP's ledger. */
  account: string;
  amount: bigint;
}

/** A payment before it is stored. */
interface Proposal extends Payee {
  paymentId: string;
  fingerprint: string;
  fromDfsp: string | null;
  quote: Quote | null;
}

/** Approves or refuses setups (hop S.E), and stores the approvals. */
@Injectable()
export class SetupApprovalService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly accounts: OwnAccounts,
    private readonly invoices: InvoicePayees,
    private readonly payments: ReceiverPaymentsRepository,
    private readonly quotes: QuoteRepository,
    private readonly origins: RegisteredOrigins,
  ) {}

  /**
   * Approves a payment of an invoice, which is then reserved for it, or to a number. A repeated request with the same
   * paymentId gets the same answer (hop S.F).
   * @throws ContractError 400; 404 InvoiceNotFoundError, UserNotFound; 422 InvoiceNotPendingError,
   * InvoicePayerMissmatchError, NoAccount, UnprocessableEntityError, AlreadyExistsError, LimitExceededError; of a
   * quoted payment QuoteExpiredError, QuoteUsedError, QuoteMismatchError.
   */
  async approveSetup(request: ApprovalRequestDto, from: string | undefined): Promise<SetupApprovalDto> {
    const paymentId = request.paymentId.toLowerCase();
    const fingerprint = this.fingerprintOf(request);
    try {
      return await this.proposePayment(request, { paymentId, fingerprint, fromDfsp: from ?? null });
    } catch (error) {
      // What refuses a new payment does not refuse a repeated request.
      const known = await this.payments.findPayment(paymentId);
      if (known) return repeatedApproval(known, fingerprint);
      throw error;
    }
  }

  private async proposePayment(
    request: ApprovalRequestDto,
    ids: { paymentId: string; fingerprint: string; fromDfsp: string | null },
  ): Promise<SetupApprovalDto> {
    const payee = await this.payeeOf(request);
    if (payee.invoice && ids.fromDfsp !== null) await this.assertNotified(payee.invoice, ids.fromDfsp);
    const quote = await this.quoteOf(ids.paymentId, payee, request);
    const payment = this.paymentOf({ ...payee, ...ids, quote }, request);
    return (await this.addPayment(payment, { ...payee, quote })).approval;
  }

  /**
   * Stores a quoted payment whose transfer comes without a setup: by a payment request (row 48).
   * @throws ContractError 404 InvoiceNotFoundError; 422 InvoiceNotPendingError, InvoicePayerMissmatchError;
   * prepared already, also what {@link ReceiverPaymentsRepository.preparePayment} throws
   */
  async addQuoted(quote: Quote, status: ReceiverPaymentStatus): Promise<ReceiverPayment> {
    const {
      paymentId,
      invoiceId,
      identifier: senderIdentifier,
      ownIdentifier,
      transferAmount,
      destinationAccount,
    } = quote;
    const invoice = invoiceId === null ? null : await this.invoices.payableInvoice(invoiceId, { senderIdentifier });
    const customer = await this.customers.findCustomer(ownIdentifier);
    const payment = this.paymentOf(
      {
        invoice,
        identifier: ownIdentifier,
        name: invoice?.name ?? customer?.name ?? ownIdentifier,
        account: this.accounts.keptName(destinationAccount ?? ''),
        amount: transferAmount,
        paymentId,
        fingerprint: requestFingerprint({ quote: paymentId }),
        fromDfsp: quote.askedBy,
        quote,
      },
      { senderIdentifier },
    );
    const transferId = status === ReceiverPaymentStatus.Proposed ? null : paymentId;
    return this.addPayment(Object.assign(payment, { status, transferId }), { invoice, quote });
  }

  /** An invoice for one client is paid only by the DFSP that was notified of it. @throws ContractError 422 */
  private async assertNotified({ type, submissionUrl }: Invoice, from: string): Promise<void> {
    if (type !== InvoiceType.Standard || submissionUrl === null) return;
    const notified = await this.origins.ownerOf(submissionUrl);
    if (notified && notified.shortName !== from) throw invoiceError(InvoiceErrorId.PayerMissmatch);
  }

  private async addPayment(
    payment: ReceiverPayment,
    { invoice, quote }: Pick<Proposal, 'invoice' | 'quote'>,
  ): Promise<ReceiverPayment> {
    const unquotedType = invoice === null ? TransferType.P2p : transferTypeOf(invoice);
    const outcome = await this.payments.addPayment(payment, quote?.transferType ?? unquotedType);
    if (outcome === 'known') throw commonError(CommonErrorId.AlreadyExists);
    if (outcome === 'refused') throw invoiceError(InvoiceErrorId.NotPending);
    return payment;
  }

  /** The quote of the payment, or null. The payment must match its quote (contract 5.4, row 21). */
  private async quoteOf(paymentId: string, payee: Payee, request: ApprovalRequestDto): Promise<Quote | null> {
    const quote = await this.quotes.findQuote({ paymentId, side: QuoteSide.Credit });
    if (!quote) return null;
    assertGoesWith(quote, paymentId, {
      amount: payee.amount,
      destinationAccount: this.accounts.uriOf(payee.account),
      payerIdentifier: request.senderIdentifier,
      payeeIdentifier: payee.identifier,
      invoiceId: payee.invoice?.id ?? null,
      ...(payee.invoice === null ? {} : { transferType: transferTypeOf(payee.invoice) }),
    });
    return quote;
  }

  private fingerprintOf(request: ApprovalRequestDto): string {
    const { invoiceId, identifier, senderIdentifier, amount, memo } = request;
    return requestFingerprint({
      invoiceId: invoiceId?.toLowerCase(),
      identifier,
      senderIdentifier,
      amount: amount === undefined ? undefined : givenAmount(amount, this.settings).toString(),
      memo,
    });
  }

  private payeeOf(request: ApprovalRequestDto): Promise<Payee> {
    const { invoiceId, identifier } = request;
    if ((invoiceId === undefined) === (identifier === undefined)) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'Give one of invoiceId and identifier' });
    }
    return invoiceId === undefined
      ? this.customerPayee(identifier!, request.amount)
      : this.invoicePayee(invoiceId, request);
  }

  private async invoicePayee(invoiceId: string, request: ApprovalRequestDto): Promise<Payee> {
    const { senderIdentifier, amount: asked } = request;
    const offered = asked === undefined ? undefined : givenAmount(asked, this.settings);
    const invoice = await this.invoices.payableInvoice(invoiceId, { senderIdentifier, amount: offered });
    const { amount, account, name } = invoice;
    return { invoice, identifier: invoice.merchantIdentifier, name, account, amount };
  }

  private async customerPayee(identifier: string, amount: string | undefined): Promise<Payee> {
    if (amount === undefined) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'A payment to a number needs an amount' });
    }
    const customer = await this.customers.getCustomer(identifier);
    const account = (await this.customers.walletOf(customer)).name;
    return {
      invoice: null,
      identifier,
      name: customer.name,
      account,
      amount: givenAmount(amount, this.settings),
    };
  }

  private paymentOf(
    { invoice, identifier, name, account, amount, paymentId, fingerprint, fromDfsp, quote }: Proposal,
    { senderIdentifier }: Pick<ApprovalRequestDto, 'senderIdentifier'>,
  ): ReceiverPayment {
    const { currency, scale } = this.settings;
    const expiresAt = this.expiryOf(invoice?.expiresAt, quote?.expiresAt);
    const approval: SetupApprovalDto = {
      id: paymentId,
      name,
      destinationAccount: this.accounts.uriOf(account),
      currencyCode: currency,
      currencySymbol: currencySymbol(currency),
      destinationAmount: formatAmount(amount, scale),
      expiresAt: expiresAt.toISOString(),
      data: { senderIdentifier },
      status: 'proposed',
    };
    return {
      paymentId,
      invoiceId: invoice?.id ?? null,
      identifier,
      senderIdentifier,
      amount,
      status: ReceiverPaymentStatus.Proposed,
      isQuoted: quote !== null,
      fingerprint,
      fromDfsp,
      approval,
      transferId: null,
      expiresAt,
      checkAt: expiresAt,
    };
  }

  /** The earliest of the lifetime of a setup, the invoice's expiry and the quote's. */
  private expiryOf(...ends: (Date | null | undefined)[]): Date {
    const times = ends.flatMap((end) => end?.getTime() ?? []);
    return new Date(Math.min(Date.now() + this.settings.setupLifetimeS * 1_000, ...times));
  }
}

function repeatedApproval(known: ReceiverPayment, fingerprint: string): SetupApprovalDto {
  if (known.fingerprint === fingerprint) return known.approval;
  throw commonError(CommonErrorId.AlreadyExists, { message: 'This paymentId was set up with other content' });
}

/** Transfer type of a payment of the invoice. */
export function transferTypeOf({ type }: Pick<Invoice, 'type'>): TransferType {
  return type === InvoiceType.CashOut ? TransferType.CashOut : TransferType.Invoice;
}
