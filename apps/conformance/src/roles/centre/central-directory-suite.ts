import type { FakePeers } from '@level-one/testing/peers';
import { randomInt, randomUUID } from 'node:crypto';
import type { ConformanceCase } from '../../cases/conformance-case.js';
import { commonCases } from '../../common/common-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite, SuiteContext } from '../../common/role-suite.js';
import type { RouteUse } from '../../common/route-use.js';
import type { Contract } from '../../contract/documents.js';
import { PlayedRole, refusal } from '../../played/play-role.js';

const PAGE = 'contract/lookup.md#s2.1';
const REGISTRATION = 'contract/lookup.md#registration';
/** A number for which the played registry fails. */
const FAILING = '500';

/** A directory between the runner as DFSPs and admin, and the runner as the end user registry. */
export const centralDirectorySuite: RoleSuite = {
  role: 'central-directory',
  plays: ['end-user-registry'],
  casesOf: async (context) => {
    playRegistry(context.peers, context.system.contract);
    const dfsp = new DfspOfTest(context);
    return [
      ...roleCases(context, 'admin'),
      ...(await commonCases(context, usesOf(dfsp))),
      ...lookupCases(context, dfsp),
    ];
  },
};

function playRegistry(peers: FakePeers, contract: Contract): void {
  const holders = new Map<string, string[]>();
  const registry = new PlayedRole(peers, contract, 'end-user-registry');
  registry.serve('GET /users/{number}', (_, { number = '' }) => {
    if (number === FAILING) return { status: 500, text: 'boom' };
    const found = holders.get(number);
    if (!found) return refusal(404, 'NotFoundError', 'Not found');
    return { json: found.map((dfspIdentifier) => ({ number, dfspIdentifier })) };
  });
  registry.serve('POST /register', ({ body: { number, dfspIdentifier } }) => {
    const known = holders.get(number) ?? [];
    if (known.includes(dfspIdentifier)) return refusal(422, 'AlreadyExistsError', 'Registered before');
    holders.set(number, [...known, dfspIdentifier]);
    return { status: 201, json: { number, dfspIdentifier, primary: known.length === 0 } };
  });
}

/** A DFSP that the admin registers at the directory under test, once. */
class DfspOfTest {
  readonly shortName = `t${randomUUID().slice(0, 6)}`;
  readonly credentials = `${this.shortName}:secret-of-${this.shortName}-0123456789`;
  private isRegistered = false;

  constructor(readonly context: SuiteContext) {}

  async register(): Promise<void> {
    if (this.isRegistered) return;
    const [key, secret] = this.credentials.split(':');
    const body = { ...registrationOf(this.shortName), key, secret };
    const request = { as: 'admin', body };
    (await this.context.system.ask('POST /commands/register', 'a new DFSP', request)).mustBe({ status: 201 });
    this.isRegistered = true;
  }
}

function registrationOf(shortName: string) {
  const host = `http://${shortName}.example`;
  return {
    name: `DFSP ${shortName}`,
    shortName,
    providerUrl: `${host}:3103/v1`,
    schemeAdapterUrl: `${host}:3105/scheme/adapter/v1`,
  };
}

function newIdentifier(): string {
  return `eur:${randomInt(10_000_000, 99_999_999)}`;
}

function usesOf(dfsp: DfspOfTest): RouteUse[] {
  const { credentials, context } = dfsp;
  return [
    {
      route: 'POST /commands/register',
      page: REGISTRATION,
      as: 'admin',
      good: () => ({ body: registrationOf(`t${randomUUID().slice(0, 6)}`) }),
      status: 201,
    },
    {
      route: 'POST /resources',
      page: REGISTRATION,
      as: credentials,
      good: async () => {
        await dfsp.register();
        return { body: { identifier: newIdentifier() } };
      },
      status: 201,
    },
    {
      route: 'GET /resources',
      page: PAGE,
      as: credentials,
      good: async () => {
        await dfsp.register();
        const identifier = newIdentifier();
        const request = { as: credentials, body: { identifier } };
        (await context.system.ask('POST /resources', 'a new number', request)).mustBe({ status: 201 });
        return { query: { identifier } };
      },
      status: 200,
      unknown: [
        {
          what: 'a number that no DFSP holds',
          change: (request) => ({ ...request, query: { identifier: 'eur:1' } }),
          status: 404,
          id: 'NotFoundError',
        },
      ],
      holds: (answer) => {
        const [first] = answer.json as { shortName: string; primary: boolean }[];
        if (first?.shortName === dfsp.shortName && first.primary) return;
        answer.failWith(`was answered ${answer.text}; must be answered with ${dfsp.shortName} as the primary DFSP`);
      },
    },
    {
      route: 'GET /dfsps',
      page: 'contract/lookup.md#ruling-2',
      as: credentials,
      good: async () => {
        await dfsp.register();
        return {};
      },
      status: 200,
      // Other cases register DFSPs between two lists.
      varies: ['all'],
    },
  ];
}

function lookupCases({ system }: SuiteContext, dfsp: DfspOfTest): ConformanceCase[] {
  const route = 'GET /resources';
  const one = (name: string, page: string, run: () => Promise<void>, of = route): ConformanceCase => ({
    name,
    route: of,
    page,
    hops: [],
    run: async () => {
      await dfsp.register();
      await run();
    },
  });
  const lookUp = (identifier: string, what: string) =>
    system.ask(route, what, { as: dfsp.credentials, query: { identifier } });
  return [
    one('no identifier, or one that is none, is 400', PAGE, async () => {
      (await system.ask(route, 'no identifier', { as: dfsp.credentials })).mustBe({ status: 400 });
      for (const identifier of ['', 'eur:', 'eur:123456789', 'eur:12a', 'nonsense:1:2']) {
        (await lookUp(identifier, `the identifier ${JSON.stringify(identifier)}`)).mustBe({ status: 400 });
      }
    }),
    one('a telephone number is 404', PAGE, async () => {
      (await lookUp('tel:+15551234567', 'a telephone number')).mustBe({ status: 404 });
    }),
    one('a registry that fails is 502 ExternalError', 'contract/errors.md#s6.2', async () => {
      const answer = await lookUp(`eur:${FAILING}`, 'a number for which the registry fails with 500');
      answer.mustBe({ status: 502, id: 'ExternalError' });
    }),
    one(
      'a name that another DFSP has is 422 AlreadyExistsError',
      REGISTRATION,
      async () => {
        const request = { as: 'admin', body: registrationOf(dfsp.shortName) };
        const answer = await system.ask('POST /commands/register', 'a DFSP that is registered already', request);
        answer.mustBe({ status: 422, id: 'AlreadyExistsError' });
      },
      'POST /commands/register',
    ),
    one(
      'a telephone number cannot be registered: 422',
      REGISTRATION,
      async () => {
        const request = { as: dfsp.credentials, body: { identifier: 'tel:+15551234567' } };
        (await system.ask('POST /resources', 'a telephone number', request)).mustBe({ status: 422 });
      },
      'POST /resources',
    ),
  ];
}
