import { changeDue, type HotQuery, type HotStatements } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { Invoice } from './invoice.entity.js';
import { revokeInvoiceSql } from './invoice-moves.js';
import { InvoiceStatus } from './invoice-status.js';

/**
 * Invoices of one DFSP's merchants. Every change of status is one conditional update, so one of two parallel attempts
 * wins; the result is whether it was this one. `within` is the transaction to take part in.
 */
export class InvoiceRepository {
  private readonly insertOrFind: (invoice: Invoice) => Promise<{ row: Invoice; isNew: boolean }>;
  private readonly find: HotQuery<Invoice>;
  private readonly lock: HotQuery<Invoice>;
  private readonly release: HotQuery<{ isReleased: boolean }>;
  private readonly cancel: HotQuery<object>;
  private readonly reject: HotQuery<object>;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
  ) {
    const invoices = statements.tableOf(Invoice);
    const move = (sql: string): HotQuery<object> => statements.prepare(`${sql} RETURNING true`);
    const { Cancelled, Rejected } = InvoiceStatus;
    this.insertOrFind = invoices.insertOrFind(invoices.properties, ['id']);
    this.find = invoices.select('WHERE id = $1');
    this.lock = invoices.select('WHERE id = $1 FOR NO KEY UPDATE');
    this.release = statements.prepare('SELECT release_invoice($1, $2) AS "isReleased"');
    this.cancel = move(revokeInvoiceSql(Cancelled, { invoiceId: '$1', now: '$2' }));
    this.reject = move(revokeInvoiceSql(Rejected, { invoiceId: '$1', now: '$2' }));
  }

  /** Stores an invoice unless its id is taken; answers whether it did, and the invoice that has the id. */
  async addOnce(invoice: Invoice): Promise<{ invoice: Invoice; isNew: boolean }> {
    const { row, isNew } = await this.insertOrFind(invoice);
    return { invoice: row, isNew };
  }

  async findInvoice(id: string, within?: EntityManager): Promise<Invoice | null> {
    const [invoice] = await this.find.within(within)(id);
    return invoice ?? null;
  }

  /** The invoice, locked until the end of the transaction. */
  async lockInvoice(id: string, within: EntityManager): Promise<Invoice | null> {
    const [invoice] = await this.lock.within(within)(id);
    return invoice ?? null;
  }

  /** Approved → pending, when the payment that claimed it has finally failed. */
  async releaseInvoice(id: string, paymentId: string, within?: EntityManager): Promise<boolean> {
    const [released] = await this.release.within(within)(id, paymentId);
    return released?.isReleased === true;
  }

  /** Pending → cancelled, by the merchant. */
  async cancelInvoice(id: string, now: Date, within?: EntityManager): Promise<boolean> {
    return (await this.cancel.within(within)(id, now)).length === 1;
  }

  /** Pending → rejected, by the named client. */
  async rejectInvoice(id: string, now: Date, within?: EntityManager): Promise<boolean> {
    return (await this.reject.within(within)(id, now)).length === 1;
  }

  /** Pending → expired for up to `limit` invoices after their expiry. @returns how many. */
  async expireOverdue(now: Date, limit: number): Promise<number> {
    const expired = await changeDue(this.dataSource.manager, Invoice, {
      where: 'status = :pending AND expires_at <= :now',
      parameters: { pending: InvoiceStatus.Pending, now },
      since: 'expiresAt',
      limit,
      changes: { status: InvoiceStatus.Expired },
      returning: ['id'],
    });
    return expired.length;
  }
}
