import { Injectable } from '@nestjs/common';
import { type Invoice, invoiceStatusAt, SPSP_STATUS } from '@level-one/invoice';
import { currencySymbol, formatAmount } from '@level-one/money';
import type { InvoiceViewDto } from '@level-one/peers';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';

/** This DFSP's own invoices in the form for other DFSPs. */
@Injectable()
export class InvoicePresenter {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly accounts: OwnAccounts,
  ) {}

  invoiceView(invoice: Invoice): InvoiceViewDto {
    return {
      type: 'invoice',
      invoiceId: invoice.id,
      account: this.accounts.uriOf(invoice.account),
      name: invoice.name,
      currencyCode: invoice.currency,
      currencySymbol: currencySymbol(invoice.currency),
      amount: formatAmount(invoice.amount, this.settings.scale),
      status: SPSP_STATUS[invoiceStatusAt(invoice, new Date())],
      invoiceType: invoice.type,
      merchantIdentifier: invoice.merchantIdentifier,
      invoiceInfo: invoice.info,
      ...(invoice.identifier === null ? {} : { identifier: invoice.identifier }),
      ...(invoice.expiresAt ? { expiresAt: invoice.expiresAt.toISOString() } : {}),
    };
  }
}
