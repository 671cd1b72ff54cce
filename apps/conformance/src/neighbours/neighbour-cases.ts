import { hopOf, type HopId } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import { randomUUID } from 'node:crypto';
import { caseOf, type ConformanceCase } from '../cases/conformance-case.js';
import { NotConforming } from '../cases/not-conforming.js';
import { type PlayedRole, refusal } from '../played/play-role.js';
import type { SystemRequest } from '../system/system-under-test.js';
import type { SuiteContext } from '../common/role-suite.js';

const ERRORS = 'contract/errors.md#s6.2';
const REPLACE = 'replace-a-role.md#what-it-has-to-serve';

/** A route of the system that asks another role before it is answered. */
export interface AskingRoute {
  route: string;
  /** A request that is answered well, with new ids at each call. */
  request: () => SystemRequest | Promise<SystemRequest>;
  status: number;
  neighbour: PlayedRole;
  /** Route of the neighbour that is asked. */
  asked: string;
  /** Hop by which the system itself is called: how long its caller waits. */
  calledBy: HopId;
  /** Whether the neighbour is another DFSP's or a ledger, which is asked otherwise than with the role's password. */
  isCalledOtherwise?: boolean;
  /** Whether an answer 503 of the neighbour stays one. */
  keepsBusy?: boolean;
  /** Whether the neighbour's ids go on as they are. */
  keepsIds?: boolean;
}

/** What holds of every route that asks another role: who asks, what goes on, and what becomes of its failures. */
export function neighbourCases(context: SuiteContext, asking: AskingRoute): ConformanceCase[] {
  return [...askedCases(context, asking), ...failureCases(context, asking)];
}

/** Name of the neighbour in a sentence. */
function named({ neighbour }: Pick<AskingRoute, 'neighbour'>): string {
  return `the ${neighbour.role}`;
}

/** The call that a valid request makes. @throws NotConforming if there is none */
async function callOf(
  { system }: SuiteContext,
  asking: AskingRoute,
  headers: Record<string, string>,
): Promise<FakePeerCall> {
  const { route, request, status, neighbour, asked } = asking;
  const before = neighbour.callsTo(asked).length;
  const sent = await request();
  (await system.ask(route, 'a valid request', { ...sent, headers: { ...sent.headers, ...headers } })).mustBe({
    status,
  });
  const call = neighbour.callsTo(asked)[before];
  if (call) return call;
  throw new NotConforming(`${route}: a valid request did not ask ${named(asking)} with ${asked}; must ask it`);
}

function askedCases(context: SuiteContext, asking: AskingRoute): ConformanceCase[] {
  const { route } = asking;
  const { role } = context.system;
  const own = basicAuthorization(role, `${context.dfsp}-${role}`);
  const credentials = caseOf(
    asking.route,
    `${named(asking)} is asked with the name of the role and ROLE_PASSWORD`,
    REPLACE,
    async () => {
      const { headers } = await callOf(context, asking, {});
      if (headers.authorization === own) return;
      throw new NotConforming(
        `${route}: ${named(asking)} was asked ${headers.authorization ? 'with other credentials' : 'without credentials'}; ` +
          `must be asked by HTTP Basic with the name ${role} and the ROLE_PASSWORD`,
      );
    },
  );
  const trace = caseOf(
    asking.route,
    `L1p-Trace-Id and traceparent are passed on to ${named(asking)}`,
    'contract/README.md#ruling-37',
    async () => {
      const id = randomUUID();
      const traceparent = `00-${id.replaceAll('-', '')}-00f067aa0ba902b7-01`;
      const { headers } = await callOf(context, asking, { 'l1p-trace-id': id, traceparent });
      if (typeof headers['l1p-trace-id'] !== 'string') {
        throw new NotConforming(
          `${route}: the header L1p-Trace-Id was not passed on; must be sent to ${named(asking)}`,
        );
      }
      if (typeof headers['traceparent'] === 'string') return;
      throw new NotConforming(`${route}: the header traceparent was not passed on; must be sent to ${named(asking)}`);
    },
  );
  return asking.isCalledOtherwise ? [trace] : [credentials, trace];
}

function failureCases(context: SuiteContext, asking: AskingRoute): ConformanceCase[] {
  const { route, request, neighbour, asked, keepsIds = true, keepsBusy = true } = asking;
  const who = named(asking);
  const askWhile = async (answer: FakePeerAnswer, what: string) =>
    neighbour.instead(
      asked,
      () => answer,
      async () => context.system.ask(route, what, await request()),
    );
  const external = { status: 502, id: 'ExternalError' };
  const cases = [
    caseOf(asking.route, `a failure of ${who} is 502 ExternalError`, ERRORS, async () => {
      const boom = { status: 500, text: 'Error: boom\n    at work (/srv/api/work.js:10:7)' };
      (await askWhile(boom, `a valid request for which ${who} fails with 500`)).mustBe(external);
    }),
    caseOf(asking.route, `an answer of ${who} that is no JSON is 502 ExternalError`, ERRORS, async () => {
      const html = { status: 200, text: '<html>It works</html>' };
      (await askWhile(html, `a valid request for which ${who} answers HTML`)).mustBe(external);
    }),
    caseOf(asking.route, `own credentials that ${who} refuses are 502 ExternalError`, ERRORS, async () => {
      const refused = refusal(401, 'Unauthorized', 'Unauthorized');
      const answer = await askWhile(refused, `a valid request for which ${who} refuses your credentials`);
      answer.mustBe({ ...external, words: '(a 401 would blame the caller)' });
    }),
    slowCase(context, asking),
  ];
  if (keepsIds) {
    cases.push(
      caseOf(asking.route, `a refusal of ${who} goes on as it is`, ERRORS, async () => {
        const answer = await askWhile(refusal(422, 'NoAccount', 'No account'), `a request that ${who} refuses`);
        answer.mustBe({ status: 422, id: 'NoAccount' });
      }),
    );
  }
  if (!keepsBusy) return cases;
  const busy = { ...refusal(503, 'ServiceUnavailableError', 'Try again shortly'), headers: { 'retry-after': '3' } };
  return [
    ...cases,
    caseOf(asking.route, `a 503 with Retry-After of ${who} goes on as 503`, ERRORS, async () => {
      const answer = await askWhile(busy, `a valid request for which ${who} answers 503 with Retry-After`);
      answer.mustBe({ status: 503, id: 'ServiceUnavailableError' });
      if (answer.headers.get('retry-after') === null) {
        answer.failWith('was answered 503 without Retry-After; must say when to try again');
      }
    }),
  ];
}

/** Traces of the requests of slow cases begin so: these cases run side by side, each with a silence of its own. */
const PATIENT_TRACE = '0c0f0a3e-';

function slowCase(context: SuiteContext, { route, request, neighbour, asked, calledBy }: AskingRoute): ConformanceCase {
  const waits = hopOf(calledBy).timeoutMs;
  const who = named({ neighbour });
  const trace = PATIENT_TRACE + randomUUID().slice(PATIENT_TRACE.length);
  const silence = ({ headers }: FakePeerCall): Promise<never> | undefined => {
    const carried = String(headers['l1p-trace-id']);
    const isOfAnother = carried.startsWith(PATIENT_TRACE) && carried !== trace;
    return isOfAnother ? undefined : new Promise(() => undefined);
  };
  const run = async (): Promise<void> => {
    const sent = await request();
    const what = `a request for which ${who} is silent, within the ${waits / 1_000} s that the caller waits,`;
    const patient = { headers: { ...sent.headers, 'l1p-trace-id': trace }, timeoutMs: waits * context.slack };
    const answer = await neighbour.instead(asked, silence, () =>
      context.system.ask(route, what, { ...sent, ...patient }),
    );
    answer.mustBe({ status: 502, id: 'ExternalError' });
  };
  const name = `${who} that is silent is 502 before the caller gives up`;
  return { ...caseOf(route, name, 'hops.md', run), isSlow: true, isPatient: true };
}
