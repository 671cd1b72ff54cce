/** Parts of an invoice URL. */
export interface InvoiceUrlParts {
  /** Where its DFSP takes notifications: the URL without its last segment. */
  submissionUrl: string;
  invoiceId: string;
}

/** Parts of an invoice URL of any DFSP; undefined if it does not end with an id. */
export function invoiceUrlParts(invoiceUrl: string): InvoiceUrlParts | undefined {
  const { origin, pathname } = new URL(invoiceUrl);
  const match = /^(.*\/invoices?)\/([^/]{1,64})$/.exec(pathname);
  return match ? { submissionUrl: `${origin}${match[1]}`, invoiceId: match[2]! } : undefined;
}
