import { basicAuthorization } from '@level-one/platform';
import { hopOf } from '@level-one/peers';
import type { FakePeerCall } from '@level-one/testing/peers';
import { randomUUID } from 'node:crypto';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { commonCases } from '../../common/common-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite, SuiteContext } from '../../common/role-suite.js';
import type { PlayedRole } from '../../played/play-role.js';
import { KNOWN, OWN_INVOICES, playDfspApi, PLAYED_INVOICES, TROUBLE } from './played-dfsp-api.js';
import { spspBackendUses } from './spsp-backend-uses.js';

const RECEIVERS = 'GET /spsp/backend/v1/receivers/{identifier}';
const SETUP = 'POST /spsp/backend/v1/setup';
const NEWS = 'PUT /spsp/backend/v1/receivers/{payee}/payments/{paymentId}';
const ERRORS = 'contract/errors.md#s6.2';
const REPLACE = 'replace-a-role.md#what-it-has-to-serve';
const AS = 'spsp-server';

/** An SPSP backend between the runner as its SPSP server and the runner as its DFSP API. */
export const spspBackendSuite: RoleSuite = {
  role: 'spsp-backend',
  plays: ['dfsp-api'],
  casesOf: async (context) => {
    if (context.hasOwnData) {
      const uses = spspBackendUses(context.system, OWN_INVOICES);
      return [...roleCases(context, AS), ...(await commonCases(context, uses))];
    }
    const api = playDfspApi(context.peers, context.system.contract);
    return [
      ...roleCases(context, AS),
      ...(await commonCases(context, spspBackendUses(context.system, PLAYED_INVOICES))),
      ...askedCases(context, api),
      ...troubleCases(context),
    ];
  },
};

/** What the DFSP API is asked. */
function askedCases({ system, dfsp }: SuiteContext, api: PlayedRole): ConformanceCase[] {
  const asked = 'GET /v1/receivers/{identifier}';
  const lookUp = async (identifier: string, headers: Record<string, string> = {}): Promise<FakePeerCall> => {
    const before = api.callsTo(asked).length;
    const request = { as: AS, path: { identifier }, headers };
    (await system.ask(RECEIVERS, 'a valid request', request)).mustBe({ status: 200 });
    return lastOf(api.callsTo(asked).slice(before), RECEIVERS, `the DFSP API with ${asked}`);
  };
  const own = basicAuthorization('spsp-backend', `${dfsp}-spsp-backend`);
  return [
    caseOf(RECEIVERS, 'the DFSP API is asked with the name of the role and ROLE_PASSWORD', REPLACE, async () => {
      const { headers } = await lookUp(KNOWN.number);
      if (headers.authorization === own) return;
      throw new NotConforming(
        `${RECEIVERS}: the DFSP API was asked ${headers.authorization ? 'with other credentials' : 'without credentials'}; ` +
          'must be asked by HTTP Basic with the name spsp-backend and the ROLE_PASSWORD',
      );
    }),
    caseOf(RECEIVERS, 'L1p-Trace-Id and traceparent are passed on', 'contract/README.md#ruling-37', async () => {
      const trace = randomUUID();
      const traceparent = `00-${trace.replaceAll('-', '')}-00f067aa0ba902b7-01`;
      const { headers } = await lookUp(KNOWN.number, { 'l1p-trace-id': trace, traceparent });
      if (headers['l1p-trace-id'] !== trace) {
        throw new NotConforming(
          `${RECEIVERS}: the header L1p-Trace-Id was not passed on; must be sent to the DFSP API`,
        );
      }
      if (String(headers['traceparent']).slice(3, 35) !== traceparent.slice(3, 35)) {
        throw new NotConforming(`${RECEIVERS}: the trace id of traceparent was not passed on; must be the same`);
      }
    }),
    caseOf(RECEIVERS, 'a slash in a number stays part of the number', 'contract/README.md#s0.3', async () => {
      await lookUp(KNOWN.slashed);
    }),
    caseOf(SETUP, 'the DFSP API is asked what the SPSP server asked', 'contract/setup.md#s2.4', async () => {
      const paymentId = randomUUID();
      const body = { identifier: KNOWN.number, senderIdentifier: KNOWN.otherNumber, amount: '0.10', paymentId };
      const request = { as: AS, body, headers: { 'l1p-from-dfsp': 'dfsp1' } };
      (await system.ask(SETUP, 'a valid request', request)).mustBe({ status: 201 });
      const call = lastOf(callsWith(api, 'POST /v1/setup', paymentId), SETUP, 'the DFSP API with POST /v1/setup');
      for (const [name, value] of Object.entries(body)) {
        if (call.body?.[name] === value) continue;
        throw new NotConforming(
          `${SETUP}: the DFSP API was asked with ${name} ${JSON.stringify(call.body?.[name])}; must be ${JSON.stringify(value)}`,
        );
      }
      if (call.headers['l1p-from-dfsp'] !== 'dfsp1') {
        throw new NotConforming(`${SETUP}: the header L1p-From-Dfsp was not passed on; must be sent to the DFSP API`);
      }
    }),
    caseOf(
      NEWS,
      'every news of a payment reaches the DFSP API, with its status',
      'contract/setup.md#row-34',
      async () => {
        for (const status of ['proposed', 'prepared', 'executed', 'rejected', 'expired']) {
          const paymentId = randomUUID();
          const body = { status, transferId: paymentId, paymentid: paymentId, destinationAmount: '10.40' };
          const path = { payee: KNOWN.number, paymentId };
          (await system.ask(NEWS, `news of a payment that is ${status}`, { as: AS, path, body })).mustBe({
            status: 200,
          });
          const route = 'PUT /v1/receivers/{payee}/payments/{paymentId}';
          const call = lastOf(callsWith(api, route, paymentId), NEWS, `the DFSP API of a payment that is ${status}`);
          if (call.body.status === status && call.body.destinationAmount === '10.40') continue;
          throw new NotConforming(
            `${NEWS}: the DFSP API was told ${JSON.stringify(call.body)}; must be told status ${status} and amount 10.40`,
          );
        }
      },
    ),
  ];
}

/** What becomes of refusals and failures of the DFSP API. */
function troubleCases({ system, slack }: SuiteContext): ConformanceCase[] {
  const lookUp = (identifier: string, what: string) => system.ask(RECEIVERS, what, { as: AS, path: { identifier } });
  const waits = hopOf('I.F').timeoutMs;
  return [
    caseOf(RECEIVERS, 'a refusal of the DFSP API goes on as it is', ERRORS, async () => {
      const answer = await lookUp(TROUBLE.noAccount, 'a number that the DFSP API refuses with 422 NoAccount');
      answer.mustBe({ status: 422, id: 'NoAccount' });
    }),
    caseOf(RECEIVERS, 'a failure of the DFSP API is 502 ExternalError', ERRORS, async () => {
      const answer = await lookUp(TROUBLE.fails, 'a number for which the DFSP API fails with 500');
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
    caseOf(RECEIVERS, 'an answer of the DFSP API that is no JSON is 502 ExternalError', ERRORS, async () => {
      const answer = await lookUp(TROUBLE.noJson, 'a number for which the DFSP API answers HTML');
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
    caseOf(RECEIVERS, 'own credentials that the DFSP API refuses are 502 ExternalError', ERRORS, async () => {
      const answer = await lookUp(
        TROUBLE.refusesCredentials,
        'a number for which the DFSP API refuses your credentials',
      );
      answer.mustBe({ status: 502, id: 'ExternalError', words: '(a 401 would blame the caller)' });
    }),
    caseOf(RECEIVERS, 'a 503 with Retry-After goes on as 503', ERRORS, async () => {
      const answer = await lookUp(TROUBLE.busy, 'a number for which the DFSP API answers 503 with Retry-After');
      answer.mustBe({ status: 503, id: 'ServiceUnavailableError' });
      if (answer.headers.get('retry-after') === null) {
        answer.failWith('was answered 503 without Retry-After; must say when to try again');
      }
    }),
    {
      ...caseOf(RECEIVERS, 'a DFSP API that is silent is 502 before the caller gives up', 'hops.md', async () => {
        const what = `a number for which the DFSP API is silent, within the ${waits / 1_000} s that the caller waits,`;
        const request = { as: AS, path: { identifier: TROUBLE.silent }, timeoutMs: waits * slack };
        (await system.ask(RECEIVERS, what, request)).mustBe({ status: 502, id: 'ExternalError' });
      }),
      isSlow: true,
    },
  ];
}

function callsWith(role: PlayedRole, route: string, id: string): FakePeerCall[] {
  return role.callsTo(route).filter(({ route: called, body }) => called.includes(id) || body?.paymentId === id);
}

/** The last of some calls. @throws NotConforming if there is none */
function lastOf(calls: readonly FakePeerCall[], route: string, whom: string): FakePeerCall {
  const last = calls.at(-1);
  if (!last) throw new NotConforming(`${route}: a valid request did not ask ${whom}; must pass it on`);
  return last;
}
