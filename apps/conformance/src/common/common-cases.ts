import type { ConformanceCase } from '../cases/conformance-case.js';
import { NotConforming } from '../cases/not-conforming.js';
import type { SystemRequest } from '../system/system-under-test.js';
import { mistakesIn } from './mistakes.js';
import { askGood, type RouteUse, type SuiteBase } from './route-use.js';

const CONVENTIONS = 'contract/README.md#s0.3';
const SECURITY = 'contract/security.md#ruling-24';
const ERRORS = 'contract/errors.md#s6.2';
const HUGE_BYTES = 4 * 1024 * 1024;
const FORM_IDS = ['InvalidBodyError', 'InvalidUriParameterError', 'InvalidQueryParameterError'];
const AT_ONCE = 5;

/** The cases that hold of every route: good answers, repeats, callers and bad input. */
export async function commonCases(suite: SuiteBase, uses: readonly RouteUse[]): Promise<ConformanceCase[]> {
  const routes = new Set<string>();
  const cases: ConformanceCase[] = [];
  for (const use of uses) {
    const isFirst = !routes.has(use.route);
    routes.add(use.route);
    cases.push(...goodCases(suite, use), ...(await badBodyCases(suite, use)));
    if (isFirst) cases.push(...callerCases(suite, use), ...badPathCases(suite, use), ...transportCases(suite, use));
  }
  return cases;
}

/** Makes cases of one use, with its route, hops and, unless it is given, its page. */
function caseMaker({ system }: SuiteBase, use: RouteUse) {
  const hops = system.contract.operation(system.role, use.route)['x-hop'] ?? [];
  const title = use.title === undefined ? '' : `${use.title}: `;
  return (name: string, run: () => Promise<void>, page = use.page): ConformanceCase => ({
    name: title + name,
    route: use.route,
    hops,
    page,
    run,
  });
}

function goodCases(suite: SuiteBase, use: RouteUse): ConformanceCase[] {
  const one = caseMaker(suite, use);
  const { route, status, isRepeatable = route.startsWith('GET'), repeatedStatus = status } = use;
  const cases = [
    one(`a valid request is answered ${status}, with a body that fits the schema`, async () => {
      const sent: SystemRequest = { as: use.as, ...(await use.good()) };
      const answer = (await suite.system.ask(route, 'a valid request', sent)).mustBe({ status });
      await use.holds?.(answer, sent);
    }),
  ];
  if (suite.system.contract.bodySchema(suite.system.role, route)) {
    cases.push(
      one(
        'members that the contract does not know are ignored',
        async () => {
          const answer = await askGood(suite, use, 'a valid request with a member `x-unknown` more', withMember);
          answer.mustBe({ status });
        },
        CONVENTIONS,
      ),
    );
  }
  if (isRepeatable) cases.push(...repeatCases(suite, use, repeatedStatus));
  for (const { what, change, status: refusal, id } of use.unknown ?? []) {
    cases.push(
      one(`${what} is ${refusal} ${[id].flat().join(' or ')}`, async () => {
        (await askGood(suite, use, what, change)).mustBe({ status: refusal, id });
      }),
    );
  }
  return cases;
}

function withMember(request: SystemRequest): SystemRequest {
  return Array.isArray(request.body) ? request : { ...request, body: { ...(request.body as object), 'x-unknown': 1 } };
}

function repeatCases(suite: SuiteBase, use: RouteUse, status: number): ConformanceCase[] {
  const one = caseMaker(suite, use);
  const { system } = suite;
  const cases = [
    one('the same request again gets the same answer', async () => {
      const sent: SystemRequest = { as: use.as, ...(await use.good()) };
      const first = (await system.ask(use.route, 'a valid request', sent)).mustBe({ status: use.status });
      const again = await system.ask(use.route, 'the request repeated with the same content', sent);
      again.mustBe({ status, words: 'with the stored result' });
      if (!use.varies && status === use.status) again.mustEqual(first, 'as the first time');
    }),
    one(`${AT_ONCE} equal requests at once get one answer`, async () => {
      const sent: SystemRequest = { as: use.as, ...(await use.good()) };
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () => system.ask(use.route, `one of ${AT_ONCE} equal requests at once`, sent)),
      );
      for (const answer of answers) answer.mustBe({ status: [use.status, status] });
      if (!use.varies) for (const answer of answers) if (answer.status === status) sameAs(answers, answer.status);
    }),
  ];
  const { otherContent } = use;
  if (otherContent) {
    cases.push(
      one(`the same id with other content is ${otherContent.status} ${otherContent.id}`, async () => {
        const sent: SystemRequest = { as: use.as, ...(await use.good()) };
        (await system.ask(use.route, 'a valid request', sent)).mustBe({ status: use.status });
        const other = await system.ask(use.route, 'the same id with other content', otherContent.change(sent));
        other.mustBe({ status: otherContent.status, id: otherContent.id });
      }),
    );
  }
  return cases;
}

function sameAs(
  answers: readonly { status: number; text: string; failWith(words: string): never }[],
  status: number,
): void {
  const alike = answers.filter((answer) => answer.status === status);
  const other = alike.find(({ text }) => text !== alike[0]!.text);
  other?.failWith(`was answered ${other.text}; another of them ${alike[0]!.text}; must be answered all the same`);
}

async function badBodyCases(suite: SuiteBase, use: RouteUse): Promise<ConformanceCase[]> {
  const { system } = suite;
  // A system that cannot be asked at all fails in other cases.
  const { body } = await Promise.resolve()
    .then(() => use.good())
    .catch((): SystemRequest => ({}));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const one = caseMaker(suite, use);
  const good = body as Record<string, unknown>;
  return mistakesIn(system.contract, { role: system.role, route: use.route }, good, use.lenient).map((mistake) =>
    one(
      `a body ${mistake.words} is 400`,
      async () => {
        const change = (request: SystemRequest): SystemRequest => ({ ...request, body: mistake.body });
        const answer = await askGood(suite, use, `a body ${mistake.words}`, change);
        answer.mustBe({ status: 400 });
      },
      'contract/README.md#ruling-8',
    ),
  );
}

function callerCases(suite: SuiteBase, use: RouteUse): ConformanceCase[] {
  if (use.as === null) return [];
  const one = caseMaker(suite, use);
  const refused = (name: string, what: string, changes: Partial<SystemRequest>): ConformanceCase =>
    one(
      name,
      async () => {
        const answer = await askGood(suite, use, what, (request) => ({ ...request, as: null, ...changes }));
        answer.mustBe({ status: 401 });
      },
      SECURITY,
    );
  const operation = suite.system.contract.operation(suite.system.role, use.route);
  const wrong = wrongPasswordCases(use.as, refused);
  if (operation['x-callers']?.includes('anyone')) return wrong;
  return [
    refused('a caller without credentials is 401', 'a request without credentials', {}),
    ...wrong,
    one(
      'credentials are checked before the body',
      async () => {
        const answer = await askGood(suite, use, 'a request without credentials and with a bad body', (request) => ({
          ...request,
          as: null,
          ...(request.body !== undefined && { raw: { text: '{', contentType: 'application/json' } }),
        }));
        answer.mustBe({ status: 401 });
      },
      'contract/README.md#ruling-8',
    ),
  ];
}

type Refused = (name: string, what: string, changes: Partial<SystemRequest>) => ConformanceCase;

function wrongPasswordCases(caller: string, refused: Refused): ConformanceCase[] {
  return [
    refused('a caller with a wrong password is 401', 'a request with a wrong password', {
      as: `${caller.split(':')[0]}:wrong-${Date.now()}`,
    }),
    refused('credentials that are no HTTP Basic are 401', 'a request with unreadable credentials', {
      headers: { authorization: 'Basic ?' },
    }),
  ];
}

function badPathCases(suite: SuiteBase, use: RouteUse): ConformanceCase[] {
  const one = caseMaker(suite, use);
  const names = [...use.route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const withName = (name: string, value: string) => (request: SystemRequest) => ({
    ...request,
    path: { ...request.path, [name]: value },
  });
  const cases = (use.uuids ?? []).map((name) =>
    one(
      `a \`${name}\` in the path that is no UUID is 400`,
      async () => {
        const answer = await askGood(suite, use, `a \`${name}\` that is no UUID`, withName(name, 'not-a-uuid'));
        answer.mustBe({ status: 400, id: FORM_IDS });
      },
      'contract/ledger.md#s3.1',
    ),
  );
  for (const name of names) {
    cases.push(
      one(
        `a strange \`${name}\` in the path is refused as unknown or malformed`,
        async () => {
          for (const value of ['../../admin', 'a b', "'; DROP TABLE x; --", '𝔸'.repeat(8), 'x'.repeat(3_000), '\0']) {
            const shown = JSON.stringify(value.slice(0, 24));
            const answer = await askGood(suite, use, `the \`${name}\` ${shown} in the path`, withName(name, value));
            answer.mustBe({ status: [400, 404, 422, 414] });
          }
        },
        ERRORS,
      ),
    );
  }
  return cases;
}

function transportCases(suite: SuiteBase, use: RouteUse): ConformanceCase[] {
  const hasJson = suite.system.contract.bodySchema(suite.system.role, use.route) !== undefined && !use.isText;
  if (!hasJson) return [];
  const one = caseMaker(suite, use);
  const refused = (name: string, what: string, raw: { text: string; contentType?: string }, status: number) =>
    one(
      name,
      async () => {
        const answer = await askGood(suite, use, what, (request) => ({ ...request, raw }));
        answer.mustBe({ status });
      },
      status === 415 ? CONVENTIONS : ERRORS,
    );
  const json = 'application/json';
  return [
    refused('a body that is no JSON is 400', 'a body that is no JSON', { text: '{"a":', contentType: json }, 400),
    refused('a list in place of an object is 400', 'a list as body', { text: '[]', contentType: json }, 400),
    refused('a text in place of an object is 400', 'a text as body', { text: '"text"', contentType: json }, 400),
    refused('null in place of an object is 400', '`null` as body', { text: 'null', contentType: json }, 400),
    refused('no body at all is 400', 'no body', { text: '', contentType: json }, 400),
    one(
      'JSON with another content type is 415',
      async () => {
        const answer = await askGood(suite, use, 'JSON with the content type text/plain', ({ body, ...request }) => ({
          ...request,
          raw: { text: JSON.stringify(body), contentType: 'text/plain' },
        }));
        answer.mustBe({ status: 415 });
      },
      CONVENTIONS,
    ),
    one('a charset beside application/json is taken', async () => {
      const answer = await askGood(suite, use, 'JSON with a charset', ({ body, ...request }) => ({
        ...request,
        raw: { text: JSON.stringify(body), contentType: 'application/json; charset=utf-8' },
      }));
      answer.mustBe({ status: use.status });
    }),
    one(`a body of ${HUGE_BYTES / 1024 / 1024} MiB is 413 and harms nothing`, () => sendHuge(suite, use), ERRORS),
  ];
}

/** The system may break off while the body is sent. Then it must still answer others. */
async function sendHuge(suite: SuiteBase, use: RouteUse): Promise<void> {
  const raw = { text: JSON.stringify({ memo: 'x'.repeat(HUGE_BYTES) }), contentType: 'application/json' };
  try {
    const answer = await askGood(suite, use, 'a huge body', (request) => ({
      ...request,
      raw,
      // A connection of its own: what the system does to it concerns no other request.
      headers: { connection: 'close' },
    }));
    answer.mustBe({ status: 413 });
  } catch (error) {
    const isBrokenOff = error instanceof NotConforming && /ECONNRESET|EPIPE|UND_ERR|fetch failed/.test(error.message);
    if (!isBrokenOff) throw error;
  }
  (await askGood(suite, use, 'a valid request after a huge body')).mustBe({ status: use.status });
}
