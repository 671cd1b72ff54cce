import { type BrokenRule, changeAnswer, changeBody, changeStatus, dropHeader, swallow, json } from './breach.js';

const NOTIFY = /^POST \/spsp-client\/v1\/invoices$/;
const PROXY_PAY = /^POST \/spsp\/client\/v1\/transfers\//;
const QUOTES = /^POST \/scheme\/adapter\/v1\/quotes$/;

export const SPSP_CLIENT_PROXY_RULES: readonly BrokenRule[] = [
  {
    name: 'the URL of the invoice is not added',
    at: 'back',
    breach: changeBody(NOTIFY, (body) => ({ ...body, invoiceUrl: undefined })),
    cases: /a notification without invoiceUrl/,
    finding: /the SPSP client was told the invoiceUrl undefined; must be "http:.*\/spsp-server\/v1\/invoices\/12345"/,
  },
  {
    name: 'amounts become numbers',
    at: 'front',
    breach: changeAnswer(/quoteSourceAmount/, () => ({ destinationAmount: 10.4 })),
    cases: /quoteSourceAmount a valid request is answered/,
    finding: /`destinationAmount` must be string/,
  },
  {
    name: 'a repeated payment is 201 again',
    at: 'front',
    breach: changeStatus(PROXY_PAY, 200, 201),
    cases: /transfers\/\{id\} the same request again/,
    finding: /the request repeated with the same content was answered 201; must be answered 200/,
  },
  {
    name: 'the SPSP client is asked without credentials',
    at: 'back',
    breach: dropHeader('authorization'),
    cases: /query the spsp-client is asked with the name of the role/,
    finding:
      /the spsp-client was asked without credentials; must be asked by HTTP Basic with the name spsp-client-proxy/,
  },
  {
    name: 'the trace is lost',
    at: 'back',
    breach: dropHeader('l1p-trace-id'),
    cases: /query L1p-Trace-Id/,
    finding: /the header L1p-Trace-Id was not passed on; must be sent to the spsp-client/,
  },
  {
    name: 'refusals become failures',
    at: 'front',
    breach: changeStatus(/\/setup$/, 422, 502),
    cases: /setup a refusal of the spsp-client goes on/,
    finding: /a request that the spsp-client refuses was answered 502 NoAccount; must be answered 422 NoAccount/,
  },
];

export const SCHEME_ADAPTER_RULES: readonly BrokenRule[] = [
  {
    name: 'other DFSPs are asked without a signature',
    at: 'back',
    breach: dropHeader('signature'),
    cases: /the other DFSP is asked as a scheme adapter/,
    finding: /another DFSP was asked by POST .*\/quotes without a signature that holds/,
  },
  {
    name: 'other DFSPs are not told who asks',
    at: 'back',
    breach: dropHeader('initiator'),
    cases: /the other DFSP is asked as a scheme adapter/,
    finding: /the payee's DFSP was asked without the header initiator: PROXY; must be sent/,
  },
  {
    name: 'the price is changed on the way',
    at: 'front',
    breach: changeAnswer(QUOTES, (body) => ({ ...body, receiveAmount: { amount: '10.3', currency: 'USD' } })),
    cases: /of the own DFSP: a valid request is answered/,
    finding: /was answered receiveAmount 10\.3; must be 10\.4, as the payee's DFSP answers/,
  },
  {
    name: 'the payment request is of another amount',
    at: 'back',
    breach: changeBody(/\/createIPR$/, (body) => ({ ...body, destinationAmount: '10.41' })),
    cases: /the price of the own DFSP becomes a payment request/,
    finding: /the payment request was asked for with .*; must be of 10\.40, what crosses the network/,
  },
  {
    name: 'who signed is not passed on',
    at: 'back',
    breach: dropHeader('l1p-from-dfsp'),
    cases: /the price of the own DFSP becomes a payment request/,
    finding: /the DFSP API was told L1p-From-Dfsp undefined; must be "payer", whose key signed/,
  },
  {
    name: 'news is kept for itself',
    at: 'back',
    breach: swallow(/^PUT \/dfsp-api\/v1\/payments\//, json(200, { status: 'prepared' })),
    cases: /news of a payment without a quote/,
    finding: /news of a payment without a quote was answered 200; must be answered 404 QuoteNotFoundError/,
  },
  {
    name: 'unknown keys are taken',
    at: 'front',
    breach: changeStatus(QUOTES, 401, 200),
    cases: /by an unknown key is 401/,
    finding: /a quote signed by an unknown key was answered 200; must be answered 401/,
  },
];
