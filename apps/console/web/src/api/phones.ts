import { request, queryString } from './request';

/** Answers of a DFSP's API to its channels; amounts are decimal strings in the currency's units. */
export interface FoundClient {
  identifier: string;
  name: string;
  currencyCode: string;
}

export type InvoiceStatus = 'pending' | 'unpaid' | 'paid' | 'rejected' | 'cancelled' | 'expired';

export interface IssuedInvoice {
  invoiceId: string;
  amount: string;
  currencyCode: string;
  status: InvoiceStatus;
  identifier?: string;
  info: string;
  invoiceType: string;
}

export interface InvoiceRecord {
  invoiceId: string;
  state: string;
  invoiceType: string;
  merchantIdentifier: string;
  amount: string;
  currencyCode: string;
  identifier?: string;
  info: string;
  paymentId?: string;
  createdAt: string;
  expiresAt?: string;
}

/** An invoice as its merchant sees it, with its payment once it is paid. */
export interface MerchantInvoice {
  invoiceId: string;
  amount: string;
  currencyCode: string;
  status: InvoiceStatus;
  /** Number of the customer; absent for a product. */
  identifier?: string;
  invoiceInfo: string;
  expiresAt?: string;
  paymentId?: string;
}

export interface PendingInvoice {
  invoiceNotificationId: string;
  status: InvoiceStatus;
  info: string;
}

export interface NotifiedInvoice {
  firstName: string;
  lastName: string;
  amount: string;
  currencyCode: string;
  fee: string;
  total?: string;
  totalCurrency?: string;
  paymentId?: string;
  quotedUntil?: string;
  status: InvoiceStatus;
}

export interface InvoiceView {
  invoiceId: string;
  name: string;
  amount: string;
  currencyCode: string;
  fee?: string;
  status: InvoiceStatus;
  invoiceType: string;
  invoiceInfo: string;
}

export interface Quoted {
  paymentId: string;
  name: string;
  amount: string;
  fee: string;
  total: string;
  currency: string;
  receiveAmount: string;
  receiveCurrency: string;
  expiresAt: string;
}

export interface PaymentRecord {
  paymentId: string;
  side: 'debit' | 'credit';
  state: 'pending' | 'executed' | 'rejected' | 'expired' | 'failed';
  amount: string;
  fee?: string;
  /** What the payee keeps after their fee, where it is known. */
  receiveAmount?: string;
  currency: string;
  customer: { identifier: string; account: string };
  counterpart: { identifier?: string; name?: string; account?: string };
  invoice?: { invoiceId: string };
  createdAt: string;
  endedAt?: string;
  reason?: { id?: string; message?: string };
}

export interface InvoiceOrder {
  account: string;
  amount: string;
  merchantIdentifier: string;
  identifier?: string;
  invoiceType: 'standard' | 'product';
  info?: string;
  expiresAt?: string;
}

/** What a phone of a DFSP's customer can ask of the DFSP's API. */
export class PhoneApi {
  constructor(private readonly dfsp: string) {}

  findClient(number: string): Promise<FoundClient> {
    return this.call(`/client/${encodeURIComponent(number)}`);
  }

  issueInvoice(order: InvoiceOrder): Promise<IssuedInvoice> {
    return this.call('/merchantInvoice', 'POST', order);
  }

  cancelInvoice(invoiceId: string): Promise<InvoiceView> {
    return this.call(`/invoices/${invoiceId}/cancel`, 'PUT', {});
  }

  async listInvoices(merchant: string): Promise<InvoiceRecord[]> {
    const page = await this.call<{ invoices: InvoiceRecord[] }>(
      `/invoices${queryString({ customer: merchant, limit: 20 })}`,
    );
    return page.invoices;
  }

  /** An invoice of this DFSP, however many there are since. */
  async readMerchantInvoice(invoiceId: string): Promise<MerchantInvoice> {
    const invoice = await this.call<MerchantInvoice>(`/invoices/${invoiceId}`);
    if (invoice.status !== 'paid') return invoice;
    const paid = await this.call<{ payments: PaymentRecord[] }>(
      `/payments${queryString({ invoice: invoiceId, state: 'executed', limit: 1 })}`,
    );
    return { ...invoice, paymentId: paid.payments[0]?.paymentId };
  }

  async listPending(number: string): Promise<PendingInvoice[]> {
    const page = await this.call<{ invoices: PendingInvoice[] }>(
      `/invoiceNotifications/pending/${encodeURIComponent(number)}${queryString({ limit: 20 })}`,
    );
    return page.invoices;
  }

  readNotified(invoiceNotificationId: string): Promise<NotifiedInvoice> {
    return this.call(`/invoiceNotifications/${invoiceNotificationId}`);
  }

  payNotified(invoiceNotificationId: string, account: string): Promise<{ paymentId?: string; status: InvoiceStatus }> {
    return this.call('/invoiceNotifications/pay', 'PUT', { invoiceNotificationId, account });
  }

  rejectNotified(invoiceNotificationId: string): Promise<{ status: InvoiceStatus }> {
    return this.call('/invoiceNotifications/reject', 'PUT', { invoiceNotificationId });
  }

  readInvoice(invoiceUrl: string): Promise<InvoiceView> {
    return this.call(`/invoice${queryString({ invoiceUrl })}`);
  }

  payInvoice(
    invoiceUrl: string,
    identifier: string,
    account: string,
  ): Promise<{ paymentId: string; status: InvoiceStatus }> {
    return this.call('/invoice/pay', 'POST', { invoiceUrl, identifier, account });
  }

  requestQuote(order: {
    amount: string;
    amountType: 'SEND' | 'RECEIVE';
    destinationIdentifier: string;
    sourceAccount: string;
    sourceIdentifier: string;
  }): Promise<Quoted> {
    return this.call('/quote', 'POST', order);
  }

  payQuote(paymentId: string): Promise<{ paymentId: string; status: 'pending' | 'executed' }> {
    return this.call('/transfer', 'POST', { paymentId });
  }

  readPayment(paymentId: string): Promise<PaymentRecord> {
    return this.call(`/payments/${paymentId}`);
  }

  async listPayments(number: string): Promise<PaymentRecord[]> {
    const page = await this.call<{ payments: PaymentRecord[] }>(
      `/payments${queryString({ customer: number, limit: 20 })}`,
    );
    return page.payments;
  }

  private call<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
    return request(`/api/phones/${this.dfsp}/v1${path}`, { method, body });
  }
}
