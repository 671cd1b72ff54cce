import { Injectable } from '@nestjs/common';
import { Invoice, InvoiceRepository } from '@level-one/invoice';
import { type HotQuery, HotStatements, type HotTable } from '@level-one/platform';
import { parametersOf } from '@level-one/work';
import { Notice } from '../../notices/notice.entity.js';

/** Stores invoices as they are issued, each with the notice to its client. */
@Injectable()
export class MerchantInvoicesRepository {
  private readonly issued: HotTable<Invoice>;
  private readonly notices: HotTable<Notice>;
  private readonly insertBoth: HotQuery<object>;

  constructor(
    private readonly invoices: InvoiceRepository,
    statements: HotStatements,
  ) {
    this.issued = statements.tableOf(Invoice);
    this.notices = statements.tableOf(Notice);
    const { properties: ofInvoice } = this.issued;
    const { properties: ofNotice } = this.notices;
    this.insertBoth = statements.prepare(`
      WITH new AS (
        INSERT INTO invoices (${this.issued.namesOf(ofInvoice)}) VALUES (${parametersOf(ofInvoice)})
        ON CONFLICT DO NOTHING RETURNING true
      )
      INSERT INTO notices (${this.notices.namesOf(ofNotice)})
      SELECT ${parametersOf(ofNotice, ofInvoice.length + 1)} FROM new RETURNING true`);
  }

  /**
   * Stores an invoice and its notice, if it has one. If its id is taken, nothing is stored, and the answer is the
   * invoice that has it.
   */
  async issueInvoice(invoice: Invoice, notice: Notice | undefined): Promise<{ invoice: Invoice; isNew: boolean }> {
    if (!notice) return this.invoices.addOnce(invoice);
    const values = [
      ...this.issued.valuesOf(invoice, this.issued.properties),
      ...this.notices.valuesOf(notice, this.notices.properties),
    ];
    if ((await this.insertBoth(...values)).length === 1) return { invoice, isNew: true };
    // It is read by a statement of its own: the one before does not see what was stored after it had begun.
    const known = await this.invoices.findInvoice(invoice.id);
    if (!known) throw new Error(`The invoice ${invoice.id} is gone`);
    return { invoice: known, isNew: false };
  }
}
