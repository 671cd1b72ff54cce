/** An invoice URL taken apart. */
export interface InvoiceUrlParts {
  /** Where its DFSP takes notifications: the URL without its last segment. */
  submissionUrl: string;
  invoiceId: string;
}

/** Takes an invoice URL of any DFSP apart; undefined when it does not end with an id. */
export function invoiceUrlParts(invoiceUrl: string): InvoiceUrlParts | undefined {
  const { origin, pathname } = new URL(invoiceUrl);
  const match = /^(.*\/invoices?)\/([^/]{1,64})$/.exec(pathname);
  return match ? { submissionUrl: `${origin}${match[1]}`, invoiceId: match[2]! } : undefined;
}
