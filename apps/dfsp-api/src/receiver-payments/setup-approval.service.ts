import { Injectable } from '@nestjs/common';
import {
  type Invoice,
  InvoiceErrorId,
  invoiceError,
  InvoiceRepository,
  InvoiceStatus,
  invoiceStatusAt,
  InvoiceType,
} from '@level-one/invoice';
import { currencySymbol, formatAmount } from '@level-one/money';
import { type ApprovalRequestDto, requestFingerprint, type SetupApprovalDto } from '@level-one/peers';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import { givenAmount } from '../amounts.js';
import { CustomersService, primaryWallet } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { LedgerAccounts } from '../ledger-accounts.js';
import { ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

/** Whom and what a payment would be for. */
interface Payee {
  invoice: Invoice | null;
  identifier: string;
  name: string;
  /** Name of the account on the DFSP's ledger. */
  account: string;
  amount: bigint;
}

/** Says whether a payment may come (hop S.E), and remembers that it said so. */
@Injectable()
export class SetupApprovalService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly accounts: LedgerAccounts,
    private readonly invoices: InvoiceRepository,
    private readonly payments: ReceiverPaymentsRepository,
  ) {}

  /**
   * Approves a payment of an invoice, which is then kept for it, or to a number. The same request with the same
   * paymentId gets the same answer (hop S.F).
   * @throws ContractError 400; 404 InvoiceNotFoundError, UserNotFound; 422 InvoiceNotPendingError,
   * InvoicePayerMissmatchError, NoAccount, UnprocessableEntityError, AlreadyExistsError.
   */
  async approve(request: ApprovalRequestDto): Promise<SetupApprovalDto> {
    const paymentId = request.paymentId.toLowerCase();
    const fingerprint = this.fingerprintOf(request);
    const known = await this.payments.find(paymentId);
    if (known) return replay(known, fingerprint);
    try {
      return await this.propose(request, { paymentId, fingerprint });
    } catch (error) {
      // It may be in the way of itself: the same request, sent twice at once.
      const faster = await this.payments.find(paymentId);
      if (faster) return replay(faster, fingerprint);
      throw error;
    }
  }

  private async propose(
    request: ApprovalRequestDto,
    ids: { paymentId: string; fingerprint: string },
  ): Promise<SetupApprovalDto> {
    const payee = await this.payeeOf(request);
    const payment = this.paymentOf(payee, request, ids);
    const claims = payee.invoice !== null && payee.invoice.type !== InvoiceType.Product;
    const outcome = await this.payments.add(payment, { claims });
    if (outcome === 'known') throw commonError(CommonErrorId.AlreadyExists);
    if (outcome === 'refused') throw invoiceError(InvoiceErrorId.NotPending);
    return payment.approval;
  }

  private fingerprintOf(request: ApprovalRequestDto): string {
    const { invoiceId, identifier, senderIdentifier, amount, memo } = request;
    return requestFingerprint({
      invoiceId: invoiceId?.toLowerCase(),
      identifier,
      senderIdentifier,
      amount: amount === undefined ? undefined : givenAmount(amount, this.settings.scale).toString(),
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
    const invoice = isContractUuid(invoiceId) ? await this.invoices.find(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    if (invoiceStatusAt(invoice, new Date()) !== InvoiceStatus.Pending) throw invoiceError(InvoiceErrorId.NotPending);
    if (invoice.type === InvoiceType.Standard && invoice.identifier !== request.senderIdentifier) {
      throw invoiceError(InvoiceErrorId.PayerMissmatch);
    }
    const { amount, account, name } = invoice;
    if (request.amount !== undefined && givenAmount(request.amount, this.settings.scale) !== amount) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: "The amount is not the invoice's" });
    }
    return { invoice, identifier: invoice.merchantIdentifier, name, account, amount };
  }

  private async customerPayee(identifier: string, amount: string | undefined): Promise<Payee> {
    if (amount === undefined) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'A payment to a number needs an amount' });
    }
    const customer = await this.customers.get(identifier);
    const account = primaryWallet(customer).name;
    return {
      invoice: null,
      identifier,
      name: customer.name,
      account,
      amount: givenAmount(amount, this.settings.scale),
    };
  }

  private paymentOf(
    { invoice, identifier, name, account, amount }: Payee,
    { senderIdentifier }: ApprovalRequestDto,
    { paymentId, fingerprint }: { paymentId: string; fingerprint: string },
  ): ReceiverPayment {
    const { currency, scale } = this.settings;
    const expiresAt = this.expiryOf(invoice);
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
      fingerprint,
      approval,
      transferId: null,
      expiresAt,
      checkAt: expiresAt,
    };
  }

  /** Never later than the invoice's own end. */
  private expiryOf(invoice: Invoice | null): Date {
    const longest = new Date(Date.now() + this.settings.setupLifetimeS * 1_000);
    return invoice?.expiresAt && invoice.expiresAt < longest ? invoice.expiresAt : longest;
  }
}

function replay(known: ReceiverPayment, fingerprint: string): SetupApprovalDto {
  if (known.fingerprint === fingerprint) return known.approval;
  throw commonError(CommonErrorId.AlreadyExists, { message: 'This paymentId was set up with other content' });
}
