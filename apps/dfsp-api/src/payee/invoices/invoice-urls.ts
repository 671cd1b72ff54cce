import { isContractUuid } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

/** An invoice URL taken apart. */
export interface InvoiceUrlParts {
  /** Where its DFSP takes notifications: the URL without its last segment. */
  submissionUrl: string;
  invoiceId: string;
}

/** URL of one of this DFSP's own invoices. */
export function ownInvoiceUrl(settings: DfspApiSettings, invoiceId: string): string {
  return `${settings.spspServerUrl.replace(/\/+$/, '')}/invoices/${invoiceId}`;
}

/** Id of the invoice behind one of this DFSP's own invoice URLs; undefined for any other URL. */
export function ownInvoiceId(settings: DfspApiSettings, invoiceUrl: string): string | undefined {
  const prefix = ownInvoiceUrl(settings, '');
  const id = invoiceUrl.startsWith(prefix) ? invoiceUrl.slice(prefix.length) : undefined;
  return isContractUuid(id) ? id : undefined;
}

/** Takes an invoice URL of any DFSP apart; undefined when it does not end with an id. */
export function invoiceUrlParts(invoiceUrl: string): InvoiceUrlParts | undefined {
  const { origin, pathname } = new URL(invoiceUrl);
  const match = /^(.*\/invoices?)\/([^/]{1,64})$/.exec(pathname);
  return match ? { submissionUrl: `${origin}${match[1]}`, invoiceId: match[2]! } : undefined;
}
