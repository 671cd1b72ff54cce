import { changeDue } from '@level-one/work';
import type { DataSource, EntityManager, ObjectLiteral } from 'typeorm';
import { Invoice } from './invoice.entity.js';
import { InvoiceStatus, invoiceStatusesBefore, InvoiceType } from './invoice-status.js';

interface Guard {
  sql: string;
  parameters: ObjectLiteral;
}

const NO_GUARD: Guard = { sql: 'true', parameters: {} };

/**
 * Invoices of one DFSP's merchants. Every change of status is one conditional update, so one of two parallel attempts
 * wins; the result is whether it was this one. `within` is the transaction to take part in.
 */
export class InvoiceRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Stores an invoice unless its id is taken. @returns whether it was stored. */
  async addOnce(invoice: Invoice, within: EntityManager = this.dataSource.manager): Promise<boolean> {
    const result = await within
      .createQueryBuilder()
      .insert()
      .into(Invoice)
      .values(invoice)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  findInvoice(id: string, within: EntityManager = this.dataSource.manager): Promise<Invoice | null> {
    return within.findOneBy(Invoice, { id });
  }

  /** The invoice, locked until the end of the transaction. */
  lockInvoice(id: string, within: EntityManager): Promise<Invoice | null> {
    return within.findOne(Invoice, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** Pending → approved for one payment. Not for a product; a standard invoice only for the client it names. */
  claimInvoice(
    id: string,
    { paymentId, payerIdentifier, now }: { paymentId: string; payerIdentifier: string; now: Date },
    within?: EntityManager,
  ): Promise<boolean> {
    const guard = {
      sql:
        `status = :pending AND type <> :product AND (type <> :standard OR identifier = :payerIdentifier)` +
        ` AND (expires_at IS NULL OR expires_at > :now)`,
      parameters: {
        pending: InvoiceStatus.Pending,
        product: InvoiceType.Product,
        standard: InvoiceType.Standard,
        payerIdentifier,
        now,
      },
    };
    return this.moveInvoice(id, InvoiceStatus.Approved, { paymentId, payerIdentifier }, guard, within);
  }

  /** Approved → pending, when the payment that claimed it has finally failed. */
  releaseInvoice(id: string, paymentId: string, within?: EntityManager): Promise<boolean> {
    const guard = { sql: 'payment_id = :paymentId', parameters: { paymentId } };
    return this.moveInvoice(id, InvoiceStatus.Pending, { paymentId: null, payerIdentifier: null }, guard, within);
  }

  /** → executed, when the money of this payment has arrived. A product does not change. */
  executeInvoice(
    id: string,
    { paymentId, payerIdentifier }: { paymentId: string; payerIdentifier: string },
    within?: EntityManager,
  ): Promise<boolean> {
    const guard = { sql: 'type <> :product', parameters: { product: InvoiceType.Product } };
    return this.moveInvoice(id, InvoiceStatus.Executed, { paymentId, payerIdentifier }, guard, within);
  }

  /** Pending → cancelled, by the merchant. */
  cancelInvoice(id: string, now: Date, within?: EntityManager): Promise<boolean> {
    return this.moveInvoice(id, InvoiceStatus.Cancelled, {}, notOver(now), within);
  }

  /** Pending → rejected, by the named client. */
  rejectInvoice(id: string, now: Date, within?: EntityManager): Promise<boolean> {
    return this.moveInvoice(id, InvoiceStatus.Rejected, {}, notOver(now), within);
  }

  async markNotified(id: string, within: EntityManager = this.dataSource.manager): Promise<void> {
    await within.update(Invoice, { id }, { notified: true });
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

  private async moveInvoice(
    id: string,
    to: InvoiceStatus,
    changes: Partial<Invoice>,
    guard: Guard = NO_GUARD,
    within: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const result = await within
      .createQueryBuilder()
      .update(Invoice)
      .set({ ...changes, status: to })
      .where('id = :id AND status IN (:...from)', { id, from: invoiceStatusesBefore(to) })
      .andWhere(`(${guard.sql})`, guard.parameters)
      .execute();
    return result.affected === 1;
  }
}

function notOver(now: Date): Guard {
  return { sql: 'expires_at IS NULL OR expires_at > :now', parameters: { now } };
}
