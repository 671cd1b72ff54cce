import { type BrokenRule, changeAnswer, changeBody, changeStatus, swallow, json } from './breach.js';

const PAY = /^PUT \/v1\/invoiceNotifications\/pay$/;
const NEWS = /^PUT \/v1\/receivers\/invoices\//;
const PROXY_PAY = /^POST \/spsp-client-proxy\/spsp\/client\/v1\/transfers\//;

export const DFSP_API_RULES: readonly BrokenRule[] = [
  {
    name: 'a payment is called paid before the ledger says so',
    at: 'front',
    breach: changeAnswer(PAY, (body) => ({ ...body, status: 'paid' })),
    cases: /a payment is paid when the own ledger says so/,
    finding: /while its transfer is only prepared was answered as paid; must be pending until the ledger says executed/,
  },
  {
    name: 'the payment is sent on other terms',
    at: 'back',
    breach: changeBody(PROXY_PAY, (body) => ({ ...body, sourceAmount: '10.41' })),
    cases: /the payment is set up with invoice, payer and account/,
    finding: /the SPSP client proxy was asked with sourceAmount "10\.41"; must be "10\.40"/,
  },
  {
    name: 'a given-up payment is not fenced off',
    at: 'back',
    breach: swallow(/^PUT .*\/void$/, json(200, { id: 'http://ledger.example/transfers/x', state: 'void' })),
    cases: /what the payee refuses at the set-up/,
    finding:
      /was answered as failed, and its id is not void at the ledger; must ask PUT \/ledger\/transfers\/\{id\}\/void first/,
  },
  {
    name: 'too little money is a failure',
    at: 'front',
    breach: changeStatus(PAY, 422, 500),
    cases: /more than the account has/,
    finding: /the payment of more than the customer has was answered 500 InsufficientFundsError; must be answered 422/,
  },
  {
    name: 'a rejected payment closes the notification',
    at: 'front',
    breach: changeAnswer(/^GET \/v1\/invoiceNotifications\//, (body) => ({ ...body, status: 'rejected' })),
    cases: /a payment that the payee rejects is refused with its reason/,
    finding: /the notification of a payment that was rejected was answered with the status rejected; must be pending/,
  },
  {
    name: 'news is believed without the ledger',
    at: 'front',
    breach: changeStatus(NEWS, 422, 200),
    cases: /a payment that the ledger has not prepared/,
    finding: /news of a payment of which the ledger has no transfer was answered 200; must be answered 422/,
  },
  {
    name: 'an invoice is paid too early',
    at: 'front',
    breach: changeAnswer(/^GET \/v1\/invoices\//, (body) => ({ ...body, status: 'paid' })),
    cases: /an invoice is paid when the ledger says so/,
    finding: /an invoice whose payment is only prepared was answered with the status paid; must be unpaid/,
  },
  {
    name: 'an unreadable ledger is a refusal',
    at: 'front',
    breach: changeStatus(NEWS, 503, 422),
    cases: /a ledger that cannot be read is 503/,
    finding: /while the ledger cannot be read was answered 422 ServiceUnavailableError; must be answered 503/,
  },
  {
    name: 'two payments of one invoice are set up',
    at: 'front',
    breach: changeStatus(/^POST \/v1\/setup$/, 422, 201),
    cases: /an invoice that is being paid cannot be set up/,
    finding: /a second payment of an invoice that is being paid was answered 201; must be answered 422/,
  },
  {
    name: "the customer's DFSP is not notified",
    at: 'back',
    breach: swallow(/^POST \/spsp-client-proxy\/spsp\/client\/v1\/invoices$/, json(201, {})),
    cases: /the customer's DFSP is notified of the invoice/,
    finding: /the customer's DFSP was not notified of a new invoice; must ask POST \/spsp\/client\/v1\/invoices/,
    neverComes: true,
  },
];
