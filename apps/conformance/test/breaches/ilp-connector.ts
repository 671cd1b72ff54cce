import { type BrokenRule, changeAnswer, changeBody, changeStatus, isFor, json, swallow } from './breach.js';

const T2 = /^PUT \/central-ledger\/transfers\/[^/]+$/;
const T3 = /^PUT \/ledger-adapter\/ilp\/ledger\/v1\/transfers\/[^/]+$/;
const FULFILMENT = /^PUT .*\/fulfillment$/;
const REJECTION = /^PUT .*\/rejection$/;
const QUOTE = /^GET \/quote/;
const STORED = json(201, {});

export const ILP_CONNECTOR_RULES: readonly BrokenRule[] = [
  {
    name: 'the rate is not one to one',
    at: 'front',
    breach: changeAnswer(QUOTE, (body) => ({ ...body, source_amount: '10.50' })),
    cases: /GET \/quote a valid request is answered/,
    finding: /was answered source_amount 10\.50; must be 10\.40, one to one/,
  },
  {
    name: 'there is no time to claim the source',
    at: 'front',
    breach: changeAnswer(QUOTE, (body) => ({ ...body, destination_expiry_duration: '6' })),
    cases: /GET \/quote a valid request is answered/,
    finding: /was answered the durations 6 and 6; the first must be a second more/,
  },
  {
    name: 'an unknown address is 404',
    at: 'front',
    breach: changeStatus(QUOTE, 422, 404),
    cases: /an address without a route is 422/,
    finding: /an address without a route was answered 404 AssetsNotTradedError; must be answered 422/,
  },
  {
    name: 'nothing is carried on',
    at: 'back',
    breach: swallow(T2, STORED),
    cases: /to another DFSP: the next transfer has the same amount/,
    finding: /a payment to another DFSP was not carried on to the central-ledger; must be prepared there/,
    neverComes: true,
  },
  {
    name: 'a part of the amount is kept',
    at: 'back',
    breach: changeBody(T2, (body) => ({
      ...body,
      debits: [{ ...body.debits[0], amount: '10.39' }],
      credits: [{ ...body.credits[0], amount: '10.39' }],
    })),
    cases: /to another DFSP: the next transfer has the same amount/,
    finding: /the debited amount of the next transfer is "10\.39"; must be "10\.40"/,
  },
  {
    name: 'the next transfer has another condition',
    at: 'back',
    breach: changeBody(T3, (body) => ({
      ...body,
      execution_condition: 'ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU?fpt=preimage-sha-256&cost=0',
    })),
    cases: /from another DFSP: the next transfer has the same amount/,
    finding: /the condition of the next transfer is "ni:.*"; must be "ni:/,
  },
  {
    name: 'the packet is left out',
    at: 'back',
    breach: changeBody(T3, (body) => ({ ...body, credits: [{ ...body.credits[0], memo: {} }] })),
    cases: /from another DFSP: the next transfer has the same amount/,
    finding: /the ILP packet of the next transfer is undefined; must be "/,
  },
  {
    name: 'the next transfer ends after its source',
    at: 'back',
    breach: changeBody(T2, (body) => ({ ...body, expires_at: new Date(Date.now() + 3_600_000).toISOString() })),
    cases: /to another DFSP: the next transfer ends before/,
    finding: /the next transfer ends -\d+ ms before its source; must end a second earlier/,
  },
  {
    name: 'the source is claimed with something else',
    at: 'back',
    breach: {
      request: (request) => (isFor(FULFILMENT, request) ? { ...request, body: 'oAKAAA' } : request),
    },
    cases: /to another DFSP: the source is fulfilled after/,
    finding: /the source was fulfilled with oAKAAA; must be .*, as the next ledger told/,
  },
  {
    name: 'the source is not claimed',
    at: 'back',
    breach: swallow(FULFILMENT, { status: 200, headers: {}, body: 'x' }),
    cases: /to another DFSP: the source is fulfilled after/,
    finding:
      /a payment to another DFSP whose next transfer was executed was not fulfilled at the ledger-adapter; must be/,
    neverComes: true,
  },
  {
    name: 'the reason of a rejection is lost',
    at: 'back',
    breach: changeBody(REJECTION, () => ({ code: 'F00', name: 'Bad Request', message: 'no' })),
    cases: /from another DFSP: the source is rejected after/,
    finding:
      /the source was rejected with \{.*\}; must carry the code and the message of the next transfer's rejection/,
  },
  {
    name: 'every rejection has one code',
    at: 'back',
    breach: changeBody(REJECTION, (body) => ({ ...body, code: 'F99' })),
    cases: /to another DFSP: one with less than its packet says/,
    finding: /with less than its packet says was rejected with \{.*\}; must be rejected with the code F03/,
  },
];
