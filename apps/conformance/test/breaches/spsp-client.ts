import { type BrokenRule, changeAnswer, changeBody, changeStatus, dropHeader, json, swallow } from './breach.js';

const SETUP = /^POST \/v1\/setup$/;
const PAY = /^POST \/v1\/transfers\//;
const T1 = /^PUT \/ledger-adapter\/ilp\/ledger\/v1\/transfers\/[^/]+$/;

/** One to one, over an account of the connector. */
const RATE = {
  source_connector_account: 'levelone.dfsp2.connector',
  source_ledger: 'levelone.dfsp2.',
  source_amount: '10.40',
  source_expiry_duration: '6',
  destination_ledger: 'levelone.other.',
  destination_amount: '10.40',
  destination_expiry_duration: '5',
};

export const SPSP_CLIENT_RULES: readonly BrokenRule[] = [
  {
    name: 'the condition of the set-up is another one',
    at: 'front',
    breach: changeAnswer(SETUP, (body) => ({ ...body, execution_condition: 'cc:0:3:x:32' })),
    cases: /POST \/v1\/setup a valid request is answered/,
    finding: /was answered with another condition or packet than the payee; must be those of the payee/,
  },
  {
    name: 'unregistered URLs are called',
    at: 'front',
    breach: changeStatus(SETUP, 404, 201),
    cases: /no URL is called that no DFSP has registered/,
    finding: /a receiver beside the registered URL was answered 201; must be answered 404 InvalidReceiverIdError/,
  },
  {
    name: 'other DFSPs are asked without a signature',
    at: 'back',
    breach: dropHeader('signature'),
    cases: /is asked with terms and payer, signed/,
    finding: /another DFSP was asked by POST \/spsp-server\/v1\/setup without a signature that holds/,
  },
  {
    name: 'the transfer is of another amount',
    at: 'back',
    breach: changeBody(T1, (body) => ({ ...body, debits: [{ ...body.debits[0], amount: '10.39' }] })),
    cases: /the transfer debits the payer and credits the connector/,
    finding: /the debited amount of the transfer is "10\.39"; must be "10\.40"/,
  },
  {
    name: 'the packet is left out',
    at: 'back',
    breach: changeBody(T1, (body) => ({ ...body, credits: [{ ...body.credits[0], memo: {} }] })),
    cases: /the transfer debits the payer and credits the connector/,
    finding: /the ILP packet of the credit of the transfer is undefined; must be "/,
  },
  {
    name: 'the transfer expires at another time',
    at: 'back',
    breach: changeBody(T1, (body) => ({ ...body, expires_at: '2040-01-01T00:00:00.000Z' })),
    cases: /the transfer debits the payer and credits the connector/,
    finding: /the expiry of the transfer is "2040-01-01T00:00:00\.000Z"; must be "/,
  },
  {
    name: 'the fulfillment is not the one of the ledger',
    at: 'front',
    breach: changeAnswer(PAY, (body) => ({ ...body, fulfillment: 'oAKAAA' })),
    cases: /an executed transfer is an executed payment/,
    finding: /was answered the fulfillment oAKAAA; must be .*, as submitted/,
  },
  {
    name: "the payee's reason is lost",
    at: 'front',
    breach: changeAnswer(PAY, (body) => ({ ...body, rejectionMessage: { message: 'Rejected' } })),
    cases: /a rejected transfer is a rejected payment/,
    finding: /was answered the rejectionMessage \{"message":"Rejected"\}; must be the payee's/,
  },
  {
    name: 'a payment is called executed too early',
    at: 'front',
    breach: changeAnswer(/^GET \/v1\/payments\//, (body) => ({ ...body, status: 'executed' })),
    cases: /a payment is executed when the ledger says so, and not before/,
    finding: /a payment whose transfer is only prepared was answered the status executed; must be pending/,
  },
  {
    name: 'an expired payment is called rejected',
    at: 'front',
    breach: changeAnswer(PAY, (body) => ({ ...body, status: 'rejected' })),
    cases: /an expired transfer is an expired payment/,
    finding: /whose transfer is expired was answered the status rejected; must be expired/,
  },
  {
    name: 'a repeated payment is 201 again',
    at: 'front',
    breach: changeStatus(PAY, 200, 201),
    cases: /POST \/v1\/transfers\/\{id\} the same request again/,
    finding: /the request repeated with the same content was answered 201; must be answered 200/,
  },
  {
    name: "the ledger's missing rights blame the payer",
    at: 'front',
    breach: changeStatus(PAY, 502, 403),
    cases: /missing rights at the ledger/,
    finding: /for which the role has no rights at the ledger was answered 403 ExternalError; must be answered 502/,
  },
  {
    name: 'a worse rate is paid',
    at: 'back',
    breach: changeAnswer(/^GET \/ilp-connector\/quote/, (body) => ({ ...body, source_amount: '10.40' })),
    cases: /a rate that is worse by now/,
    finding: /a payment whose rate is worse by now was answered 201; must be answered 422 UnacceptableRateError/,
  },
  {
    name: 'the connector is not asked',
    at: 'back',
    breach: swallow(/^GET \/ilp-connector\/quote/, json(200, RATE)),
    cases: /the connector is asked the rate/,
    finding: /the connector was asked undefined; must be asked for the address of the set-up/,
  },
];
