/** Error ids of a refused invoice, for Swagger. */
export const ISSUE_NOT_FOUND = 'ClientNotFound, MerchantNotFound';
export const ISSUE_REFUSED =
  'UnprocessableEntityError, AlreadyExistsError, WrongInvoiceTypeError, NoAccount, UserIsAboveFraudThreshold';

const BOBS = { account: 'bob', amount: '10.40', merchantIdentifier: '26547070' };
/** Bodies that work in the demo network. */
export const ISSUE_EXAMPLES = {
  invoice: {
    summary: 'of Bob (dfsp2) to Alice; with an id, so that a repeated request is the same invoice',
    value: { invoiceId: '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92', ...BOBS, identifier: '78956562' },
  },
  'new invoice': {
    summary: 'of Bob (dfsp2) to Alice; each request issues a new invoice',
    value: { ...BOBS, identifier: '78956562' },
  },
  'inside one DFSP': {
    summary: 'of Dave to Alice (both dfsp1)',
    value: { account: 'dave', amount: '10.40', merchantIdentifier: '26547071', identifier: '78956562' },
  },
  product: {
    summary: 'of Bob (dfsp2), for any payer; no client is notified',
    value: { ...BOBS, invoiceType: 'product', info: 'Lunch' },
  },
};
