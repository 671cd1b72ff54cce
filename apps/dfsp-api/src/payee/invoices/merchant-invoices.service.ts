import { Injectable } from '@nestjs/common';
import {
  CHANNEL_STATUS,
  type Invoice,
  InvoiceErrorId,
  invoiceError,
  InvoiceRepository,
  InvoiceStatus,
  invoiceStatusAt,
  isAddressed,
  revocationMemo,
} from '@level-one/invoice';
import { currencySymbol, formatAmount, statedUnitProblem } from '@level-one/money';
import type { InvoiceViewDto } from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount, isContractUuid } from '@level-one/platform';
import { deadlineFrom } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { CustomerErrorId, customerError } from '../../customers/customer-errors.js';
import type { CustomerWithAccounts } from '../../customers/customer.entity.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { LookupService } from '../../lookup/lookup.service.js';
import { NoticeKind } from '../../notices/notice.entity.js';
import { NoticeSender } from '../../notices/notice-sender.js';
import { newNotice, type NewNotice, NoticesRepository } from '../../notices/notices.repository.js';
import { InvoiceHolds } from '../payments/invoice-holds.js';
import { InvoicePresenter } from './invoice-presenter.js';
import { ownInvoiceUrl } from './own-invoice-urls.js';
import { MerchantInvoiceDto, MerchantInvoiceResultDto } from './merchant-invoices.dto.js';
import { MerchantInvoicesRepository } from './merchant-invoices.repository.js';

/** When a rejection that came during a payment may be sent again. */
const PAYMENT_ENDS_IN_S = 5;

/** Issues, shows, cancels and rejects invoices of this DFSP's merchants. */
@Injectable()
export class MerchantInvoicesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly lookup: LookupService,
    private readonly invoices: InvoiceRepository,
    private readonly issued: MerchantInvoicesRepository,
    private readonly holds: InvoiceHolds,
    private readonly notices: NoticesRepository,
    private readonly sender: NoticeSender,
    private readonly presenter: InvoicePresenter,
  ) {}

  /**
   * Issues an invoice (row 8) and, if it names a client, notifies the client's DFSP (row 9). The first attempt is made
   * before this answers; if it fails, the invoice is issued all the same and the notice is tried again. A repeated
   * request with the channel's own id gets the same invoice with its present status, and sends no second notice.
   * @throws ContractError 404 MerchantNotFound, ClientNotFound; 422, AlreadyExistsError if the id belongs to another
   * invoice; 502. Then nothing is stored or sent.
   */
  async issueInvoice(body: MerchantInvoiceDto): Promise<MerchantInvoiceResultDto> {
    const merchant = await this.customers.getMerchant(body.merchantIdentifier);
    const account = await this.customers.ownAccountOf(merchant, body.account, CustomerErrorId.MerchantNotFound);
    const invoice = this.invoiceOf(body, merchant, account);
    const known = body.invoiceId === undefined ? null : await this.invoices.findInvoice(invoice.id);
    if (known) return this.repeatedResult(invoice, known, merchant);
    assertNotOver(invoice);
    const client =
      invoice.identifier === null ? undefined : await this.lookup.lookUpClient(invoice.identifier, body.spspServer);
    const submissionUrl = client ? `${client.spspReceiver}/invoices` : null;
    const notice =
      submissionUrl === null ? undefined : newNotice(this.noticeOf(invoice, NoticeKind.Issued, submissionUrl));
    const { invoice: stored, isNew } = await this.issued.issueInvoice(
      Object.assign(invoice, { submissionUrl }),
      notice,
    );
    // Another request with the same id was faster.
    if (!isNew) return this.repeatedResult(invoice, stored, merchant);
    if (notice) await this.sender.sendNow(notice);
    return this.resultOf(invoice, merchant);
  }

  /** The invoice in the form for other DFSPs (row 16). @throws ContractError 404 InvoiceNotFoundError */
  async viewInvoice(invoiceId: string): Promise<InvoiceViewDto> {
    return this.presenter.invoiceView(await this.getInvoice(invoiceId));
  }

  /**
   * Cancels an invoice, and notifies the client's DFSP; a repeated cancellation changes nothing. A payment that was set
   * up and has not come is given up.
   * @throws ContractError 404 InvoiceNotFoundError; 422 InvoiceNotStandardError, InvoiceNotPendingError; 503 if the
   * ledger cannot be asked about such a payment
   */
  async cancelInvoice(invoiceId: string): Promise<InvoiceViewDto> {
    const invoice = await this.getInvoice(invoiceId);
    assertRevocable(invoice);
    if (invoice.status === InvoiceStatus.Cancelled) return this.presenter.invoiceView(invoice);
    await this.holds.giveUpSetup(invoice);
    const { id, submissionUrl } = invoice;
    const notice = await this.dataSource.transaction(async (manager) => {
      const cancel = () => this.invoices.cancelInvoice(id, new Date(), manager);
      if (!(await this.revokeInvoice(id, InvoiceStatus.Cancelled, cancel, manager))) return undefined;
      await this.notices.withdrawNotices(id, manager);
      if (submissionUrl === null) return undefined;
      return this.notices.addNotice(this.noticeOf(invoice, NoticeKind.Cancelled, submissionUrl), manager);
    });
    if (notice) await this.sender.sendNow(notice);
    return this.viewInvoice(id);
  }

  /**
   * Rejects an invoice for its client; a repeated rejection changes nothing. A payment that was set up and has not come
   * is given up.
   * @throws ContractError 404 InvoiceNotFoundError for another client; 422 InvoiceNotStandardError,
   * InvoiceNotPendingError; 503 ServiceUnavailableError while a payment holds the invoice, or the ledger
   * cannot be asked about it
   */
  async rejectInvoice(invoice: Invoice, senderIdentifier: string): Promise<void> {
    assertRevocable(invoice);
    // Only the client that the invoice names can reject it (ruling 7).
    if (invoice.identifier !== senderIdentifier) throw invoiceError(InvoiceErrorId.NotFound);
    if (invoice.status === InvoiceStatus.Rejected) return;
    await this.holds.giveUpSetup(invoice);
    try {
      await this.dataSource.transaction((manager) => {
        const reject = () => this.invoices.rejectInvoice(invoice.id, new Date(), manager);
        return this.revokeInvoice(invoice.id, InvoiceStatus.Rejected, reject, manager);
      });
    } catch (error) {
      const known = await this.invoices.findInvoice(invoice.id);
      if (known?.status !== InvoiceStatus.Approved) throw error;
      // The payment may still fail: then the invoice can be rejected.
      throw commonError(CommonErrorId.ServiceUnavailable, {
        message: 'A payment of the invoice is under way',
        retryAfterS: PAYMENT_ENDS_IN_S,
        cause: error,
      });
    }
  }

  /**
   * Revokes an invoice that no payment holds. False if another request was faster.
   * @throws ContractError 422
   */
  private async revokeInvoice(
    invoiceId: string,
    to: InvoiceStatus,
    move: () => Promise<boolean>,
    manager: EntityManager,
  ): Promise<boolean> {
    const invoice = await this.invoices.lockInvoice(invoiceId, manager);
    if (invoice?.status === to) return false;
    const isRevoked = invoice !== null && (await this.holds.freeInvoice(invoice, manager)) && (await move());
    if (!isRevoked) throw invoiceError(InvoiceErrorId.NotPending);
    return true;
  }

  /** @throws ContractError 422 AlreadyExistsError unless both invoices have the same content */
  private repeatedResult(asked: Invoice, known: Invoice, merchant: CustomerWithAccounts): MerchantInvoiceResultDto {
    if (!isSameContent(asked, known)) {
      throw commonError(CommonErrorId.AlreadyExists, { message: 'This invoiceId belongs to another invoice' });
    }
    return this.resultOf(known, merchant, invoiceStatusAt(known, new Date()));
  }

  private async getInvoice(invoiceId: string): Promise<Invoice> {
    const invoice = isContractUuid(invoiceId) ? await this.invoices.findInvoice(invoiceId) : null;
    if (!invoice) throw invoiceError(InvoiceErrorId.NotFound);
    return invoice;
  }

  private invoiceOf(body: MerchantInvoiceDto, merchant: CustomerWithAccounts, account: string): Invoice {
    const { currency, scale } = this.settings;
    const amount = givenAmount(body.amount, this.settings);
    const name = body.name ?? merchant.name;
    const type = body.givenType();
    if (body.type !== undefined && body.type !== type) throw invoiceError(InvoiceErrorId.WrongType);
    return {
      id: body.invoiceId?.toLowerCase() ?? randomUUID(),
      type,
      status: InvoiceStatus.Pending,
      merchantIdentifier: merchant.identifier,
      name,
      account,
      amount,
      currency: this.sameCurrency(body),
      identifier: isAddressed(type) ? (body.clientIdentifier() ?? null) : null,
      info:
        body.info ??
        body.invoiceInfo ??
        `Invoice from ${merchant.firstName} ${merchant.lastName} for ${formatAmount(amount, scale)} ${currency}`,
      paymentId: null,
      payerIdentifier: null,
      notified: false,
      submissionUrl: null,
      expiresAt: body.expiresAt === undefined ? null : new Date(body.expiresAt),
      createdAt: new Date(),
    };
  }

  private sameCurrency({ currencyCode, currencySymbol: symbol }: MerchantInvoiceDto): string {
    const problem = statedUnitProblem({ currencyCode, currencySymbol: symbol }, this.settings);
    if (!problem) return this.settings.currency;
    throw commonError(CommonErrorId.UnprocessableEntity, {
      message: `The account is in ${this.settings.currency}: ${problem.message}`,
    });
  }

  private noticeOf(invoice: Invoice, kind: NoticeKind.Issued | NoticeKind.Cancelled, submissionUrl: string): NewNotice {
    if (invoice.identifier === null) throw customerError(CustomerErrorId.ClientNotFound);
    return {
      kind,
      invoiceId: invoice.id,
      invoiceUrl: ownInvoiceUrl(this.settings, invoice.id),
      submissionUrl,
      senderIdentifier: invoice.identifier,
      memo: kind === NoticeKind.Issued ? invoice.info : revocationMemo('cancelled'),
      deadlineAt: deadlineFrom(new Date(), this.settings),
    };
  }

  private resultOf(
    invoice: Invoice,
    { firstName, lastName }: CustomerWithAccounts,
    status = invoice.status,
  ): MerchantInvoiceResultDto {
    return {
      invoiceId: invoice.id,
      account: invoice.account,
      firstName,
      lastName,
      currencyCode: invoice.currency,
      currencySymbol: currencySymbol(invoice.currency),
      amount: formatAmount(invoice.amount, this.settings.scale),
      status: CHANNEL_STATUS[status],
      ...(invoice.identifier === null ? {} : { identifier: invoice.identifier }),
      merchantIdentifier: invoice.merchantIdentifier,
      invoiceType: invoice.type,
      info: invoice.info,
      ...(invoice.expiresAt ? { expiresAt: invoice.expiresAt.toISOString() } : {}),
    };
  }
}

/** Content of an invoice that the channel chooses, without its id. */
function contentOf({
  type,
  merchantIdentifier,
  name,
  account,
  amount,
  currency,
  identifier,
  info,
  expiresAt,
}: Invoice) {
  return [type, merchantIdentifier, name, account, amount, currency, identifier, info, expiresAt?.getTime()];
}

function isSameContent(one: Invoice, other: Invoice): boolean {
  const content = contentOf(other);
  return contentOf(one).every((value, index) => value === content[index]);
}

/** @throws ContractError 422 InvoiceNotStandardError */
function assertRevocable({ type }: Invoice): void {
  if (!isAddressed(type)) throw invoiceError(InvoiceErrorId.NotStandard);
}

function assertNotOver({ expiresAt }: Invoice): void {
  if (expiresAt === null || expiresAt > new Date()) return;
  throw commonError(CommonErrorId.UnprocessableEntity, { message: 'expiresAt must be in the future' });
}
