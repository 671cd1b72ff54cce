import { isContractUuid } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

/** URL of one of this DFSP's own invoices. */
export function ownInvoiceUrl(settings: DfspApiSettings, invoiceId: string): string {
  return `${settings.spspServerUrl.replace(/\/+$/, '')}/invoices/${invoiceId}`;
}

/** Id in one of this DFSP's own invoice URLs; undefined for any other URL. */
export function ownInvoiceId(settings: DfspApiSettings, invoiceUrl: string): string | undefined {
  const prefix = ownInvoiceUrl(settings, '');
  const id = invoiceUrl.startsWith(prefix) ? invoiceUrl.slice(prefix.length) : undefined;
  return isContractUuid(id) ? id : undefined;
}
