import type { Passing } from '../breaking-proxy.js';
import { type BrokenRule, changeAnswer, changeBody, changeStatus, dropHeader, isFor, json, swallow } from './breach.js';

const FULFILMENT = /^PUT .*\/fulfillment$/;
const REJECTION = /^PUT .*\/rejection$/;
const NEWS = /^PUT \/spsp-backend\/.*\/payments\//;
const SETUP = /^POST \/v1\/setup$/;

function isNews(request: Passing, status: string): boolean {
  return isFor(NEWS, request) && request.body.includes(`"status":"${status}"`);
}

export const SPSP_SERVER_RULES: readonly BrokenRule[] = [
  {
    name: 'set-ups are 200',
    at: 'front',
    breach: changeStatus(SETUP, 201, 200),
    cases: /POST \/v1\/setup to a number: a valid request is answered/,
    finding: /a valid request was answered 200; must be answered 201/,
  },
  {
    name: 'a repeated set-up gets another condition',
    at: 'front',
    breach: changeAnswer(SETUP, (body) => ({ ...body, expiresAt: new Date().toISOString() })),
    cases: /POST \/v1\/setup to a number: the same request again/,
    finding: /the request repeated with the same content was answered 201 .* must be answered as the first time/,
  },
  {
    name: 'the amount of the answer is not that of the packet',
    at: 'front',
    breach: {
      ...changeBody(SETUP, (body) => body),
      ...changeAnswer(SETUP, (body) => ({ ...body, amount: '10.4', destinationAmount: '10.4' })),
    },
    cases: /POST \/v1\/setup to a number: a valid request is answered/,
    finding: /was answered the amount 10\.4; must be answered exactly 10\.40/,
  },
  {
    name: 'private members of a receiver are shown',
    at: 'front',
    breach: changeAnswer(/^GET \/v1\/receivers\//, (body) => ({ ...body, nationalId: '7' })),
    cases: /receivers.*a valid request is answered/,
    finding: /was answered with `nationalId`; must show other DFSPs what a payer needs, and no more/,
  },
  {
    name: 'the transfer is fulfilled before the DFSP has answered',
    at: 'back',
    breach: swallow(NEWS, json(200, {})),
    cases: /the DFSP is asked first/,
    finding: /was fulfilled before the DFSP was asked; must ask it with status prepared/,
  },
  {
    name: 'nothing is fulfilled',
    at: 'back',
    breach: swallow(FULFILMENT, { status: 200, headers: {}, body: 'x' }),
    cases: /the DFSP is asked first/,
    finding: /a transfer that is exactly what was set up was not fulfilled; must be fulfilled/,
    neverComes: true,
  },
  {
    name: 'the fulfillment belongs to another condition',
    at: 'back',
    breach: {
      request: (request) =>
        isFor(FULFILMENT, request) ? { ...request, body: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f' } : request,
    },
    cases: /what fulfils the transfer/,
    finding: /a transfer was fulfilled with oCKAIAAB\w+, which does not belong to its condition/,
    neverComes: true,
  },
  {
    name: 'a forged transfer is fulfilled',
    at: 'back',
    breach: {
      request: (request) =>
        isFor(REJECTION, request)
          ? {
              ...request,
              path: request.path.replace('rejection', 'fulfillment'),
              headers: { ...request.headers, 'content-type': 'text/plain' },
              body: 'oAKAAA',
            }
          : request,
    },
    cases: /a transfer of less than was set up/,
    finding: /a transfer of less than was set up was fulfilled; must be rejected/,
  },
  {
    name: 'every rejection has one code',
    at: 'back',
    breach: changeBody(REJECTION, (body) => ({ ...body, code: 'F00' })),
    cases: /with another condition is rejected/,
    finding: /a transfer with another condition was rejected with the code F00 .*; must be rejected with F05/,
  },
  {
    name: 'the reason of the DFSP is lost',
    at: 'back',
    breach: changeBody(REJECTION, (body) => ({ ...body, message: 'Rejected' })),
    cases: /what the DFSP refuses is rejected/,
    finding: /must carry the DFSP's message, and its id in additional_info/,
  },
  {
    name: 'the DFSP is told another amount',
    at: 'back',
    breach: changeBody(NEWS, (body) => ({ ...body, destinationAmount: '10.4' })),
    cases: /payment to a number with its terms/,
    finding: /the DFSP was told destinationAmount "10\.4" of a payment; must be "10\.40"/,
  },
  {
    name: 'the DFSP is not told the end',
    at: 'back',
    breach: { instead: (request) => (isNews(request, 'executed') ? json(200, {}) : undefined) },
    cases: /told that the payment is executed/,
    finding: /the DFSP was not told that a payment whose transfer was executed is executed, but only prepared/,
    neverComes: true,
  },
  {
    name: 'the trace is lost',
    at: 'back',
    breach: dropHeader('l1p-trace-id'),
    cases: /receivers.*L1p-Trace-Id/,
    finding: /the header L1p-Trace-Id was not passed on; must be sent to the spsp-backend/,
  },
  {
    name: 'the backend is asked without credentials',
    at: 'back',
    breach: dropHeader('authorization'),
    cases: /receivers.*is asked with the name of the role/,
    finding: /the spsp-backend was asked without credentials; must be asked by HTTP Basic with the name spsp-server/,
  },
  {
    name: 'who signed is not passed on',
    at: 'back',
    breach: dropHeader('l1p-from-dfsp'),
    cases: /the DFSP that signed is named/,
    finding: /the backend was told L1p-From-Dfsp undefined; must be "payer", whose key signed/,
  },
  {
    name: 'unknown keys are taken',
    at: 'front',
    breach: { answer: (answer) => (answer.status === 401 ? json(200, {}) : answer) },
    cases: /key that nobody has registered/,
    finding: /a request signed by an unknown key was answered 200; must be answered 401/,
  },
  {
    name: 'a failure of the backend is 500',
    at: 'front',
    breach: changeStatus(/receivers/, 502, 500),
    cases: /receivers.*a failure of the spsp-backend/,
    finding: /for which the spsp-backend fails with 500 was answered 500 ExternalError; must be answered 502/,
  },
];
