import { Injectable } from '@nestjs/common';
import {
  Invoice,
  InvoiceNotification,
  InvoiceNotificationStatus,
  InvoiceStatus,
  invoiceStatusAt,
} from '@level-one/invoice';
import { formatAmount } from '@level-one/money';
import { uuidRange } from '@level-one/platform';
import { Quote, QuoteSide } from '@level-one/quote';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { BulkPayment } from '../payer/bulk/bulk-payment.entity.js';
import { storedQuoteDto } from '../quotes/quote-presenter.js';
import { RecordLists } from './record-lists.js';
import type {
  BulkPaymentsQueryDto,
  InvoicesQueryDto,
  NotificationsQueryDto,
  QuotesQueryDto,
} from './record-queries.dto.js';
import type {
  BulkPaymentsPageDto,
  InvoiceRecordDto,
  InvoicesPageDto,
  NotificationRecordDto,
  NotificationsPageDto,
  QuotesPageDto,
} from './records.dto.js';

/** Invoices, notifications, quotes and bulk payments of this DFSP, as they are kept. */
@Injectable()
export class DocumentRecords {
  constructor(
    private readonly lists: RecordLists,
    private readonly settings: DfspApiSettings,
  ) {}

  async listInvoices(query: InvoicesQueryDto): Promise<InvoicesPageDto> {
    const { state, customer, client } = query;
    const filter = (select: SelectQueryBuilder<ObjectLiteral>): void => {
      isInState(select, state);
      isEqual(select, { 'row.merchantIdentifier': customer, 'row.identifier': client });
    };
    const { rows, next } = await this.lists.page({ entity: Invoice, path: 'invoices', key: 'id', filter }, query);
    return { invoices: rows.map((row) => invoiceRecord(row, this.settings.scale)), next };
  }

  async listNotifications(query: NotificationsQueryDto): Promise<NotificationsPageDto> {
    const { state, customer, invoice } = query;
    const filter = (select: SelectQueryBuilder<ObjectLiteral>): void => {
      isInState(select, state);
      isEqual(select, { 'row.senderIdentifier': customer });
      if (invoice === undefined) return;
      isEqual(select, { "split_part(row.invoice_url, '/', -1)": invoice.split('/').at(-1) });
      if (invoice.includes('/')) isEqual(select, { 'row.invoiceUrl': invoice });
    };
    const list = { entity: InvoiceNotification, path: 'invoiceNotifications', key: 'id', filter } as const;
    const { rows, next } = await this.lists.page(list, query);
    return { invoiceNotifications: rows.map(notificationRecord), next };
  }

  async listQuotes(query: QuotesQueryDto): Promise<QuotesPageDto> {
    const { state, customer, payment, side } = query;
    const filter = (select: SelectQueryBuilder<ObjectLiteral>): void => {
      if (state !== undefined) select.andWhere(`row.status = '${state}'`);
      isEqual(select, { 'row.ownIdentifier': customer });
      if (payment !== undefined) {
        const range = uuidRange(payment);
        select.andWhere(range ? 'row.payment_id BETWEEN :first AND :last' : 'false', { ...range });
      }
      if (side !== undefined) select.andWhere(side === QuoteSide.Debit ? 'row.is_debit' : 'NOT row.is_debit');
    };
    const { rows, next } = await this.lists.page({ entity: Quote, path: 'quotes', key: 'id', filter }, query);
    const quotes = rows.map((row) =>
      Object.assign(storedQuoteDto(row), { side: row.side, createdAt: row.createdAt.toISOString() }),
    );
    return { quotes, next };
  }

  async listBulkPayments(query: BulkPaymentsQueryDto): Promise<BulkPaymentsPageDto> {
    const { state, customer } = query;
    const filter = (select: SelectQueryBuilder<ObjectLiteral>): void => {
      if (state !== undefined) select.andWhere(`row.status = '${state}'`);
      isEqual(select, { 'row.payerIdentifier': customer });
    };
    const list = { entity: BulkPayment, path: 'bulkPayments', key: 'id', filter } as const;
    const { rows, next } = await this.lists.page(list, query);
    const bulkPayments = rows.map(({ id, status, payerIdentifier, account, createdAt }) => ({
      bulkPaymentId: id,
      state: status,
      sourceIdentifier: payerIdentifier,
      sourceAccount: account,
      createdAt: createdAt.toISOString(),
    }));
    return { bulkPayments, next };
  }
}

/** Adds `expression = value` for each value that is given. */
function isEqual(select: SelectQueryBuilder<ObjectLiteral>, wanted: Record<string, string | undefined>): void {
  for (const [expression, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const name = `is${select.expressionMap.wheres.length}`;
    select.andWhere(`${expression} = :${name}`, { [name]: value });
  }
}

/**
 * Invoices and notifications in a state at this moment: a pending one is expired as soon as its time is over. States are
 * written out, so that the planner sees which partial index answers them.
 */
function isInState(
  select: SelectQueryBuilder<ObjectLiteral>,
  state: InvoiceStatus | InvoiceNotificationStatus | undefined,
): void {
  if (state === undefined) return;
  const isOver = 'row.expires_at <= now()';
  if (state === InvoiceStatus.Pending) {
    select.andWhere(`row.status = 'pending' AND (row.expires_at IS NULL OR NOT ${isOver})`);
  } else if (state === InvoiceStatus.Expired) {
    select.andWhere(`row.status IN ('expired', 'pending') AND (row.status = 'expired' OR ${isOver})`);
  } else {
    select.andWhere(`row.status = '${state}'`);
  }
}

function invoiceRecord(invoice: Invoice, scale: number): InvoiceRecordDto {
  const { identifier, paymentId, payerIdentifier, expiresAt } = invoice;
  return {
    invoiceId: invoice.id,
    state: invoiceStatusAt(invoice, new Date()),
    invoiceType: invoice.type,
    merchantIdentifier: invoice.merchantIdentifier,
    account: invoice.account,
    amount: formatAmount(invoice.amount, scale),
    currencyCode: invoice.currency,
    ...(identifier !== null && { identifier }),
    info: invoice.info,
    notified: invoice.notified,
    ...(paymentId !== null && { paymentId }),
    ...(payerIdentifier !== null && { payerIdentifier }),
    createdAt: invoice.createdAt.toISOString(),
    ...(expiresAt !== null && { expiresAt: expiresAt.toISOString() }),
  };
}

function notificationRecord(notification: InvoiceNotification): NotificationRecordDto {
  const { status, issuer, paymentId, expiresAt } = notification;
  const isOver = status === InvoiceNotificationStatus.Pending && expiresAt !== null && expiresAt <= new Date();
  return {
    invoiceNotificationId: notification.id,
    state: isOver ? InvoiceNotificationStatus.Expired : status,
    senderIdentifier: notification.senderIdentifier,
    invoiceUrl: notification.invoiceUrl,
    ...(issuer !== null && { issuer }),
    memo: notification.memo,
    ...(paymentId !== null && { paymentId }),
    createdAt: notification.createdAt.toISOString(),
    ...(expiresAt !== null && { expiresAt: expiresAt.toISOString() }),
  };
}
