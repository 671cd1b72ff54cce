import { randomInt } from 'node:crypto';
import { commonCases } from '../../common/common-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite, SuiteContext } from '../../common/role-suite.js';
import type { RouteUse } from '../../common/route-use.js';
import type { ConformanceCase } from '../../cases/conformance-case.js';

const AS = 'central-directory';
const PAGE = 'contract/lookup.md#s2.1';
const DFSP = '001:001';
const OTHER_DFSP = '001:002';

/** A registry of numbers between the runner as the directory and its own data. */
export const endUserRegistrySuite: RoleSuite = {
  role: 'end-user-registry',
  plays: [],
  casesOf: async (context) => [
    ...roleCases(context, AS),
    ...(await commonCases(context, usesOf(context))),
    ...holderCases(context),
  ],
};

function newNumber(): string {
  return String(randomInt(10_000_000, 99_999_999));
}

async function register({ system }: SuiteContext, number: string, dfspIdentifier: string): Promise<void> {
  const request = { as: AS, body: { number, dfspIdentifier } };
  (await system.ask('POST /register', 'a new number', request)).mustBe({ status: 201 });
}

function usesOf(context: SuiteContext): RouteUse[] {
  const registered = async (): Promise<string> => {
    const number = newNumber();
    await register(context, number, DFSP);
    return number;
  };
  const unknown = { what: 'an unknown number', status: 404, id: 'NotFoundError' };
  return [
    {
      route: 'GET /users/{number}',
      page: PAGE,
      as: AS,
      good: async () => ({ path: { number: await registered() } }),
      status: 200,
      unknown: [{ ...unknown, change: (request) => ({ ...request, path: { number: '1' } }) }],
    },
    {
      route: 'POST /register',
      page: PAGE,
      as: AS,
      good: () => ({ body: { number: newNumber(), dfspIdentifier: DFSP } }),
      status: 201,
    },
    {
      route: 'PUT /users/{number}/primary',
      page: PAGE,
      as: AS,
      good: async () => ({ path: { number: await registered() }, body: { dfspIdentifier: DFSP } }),
      status: 200,
      isRepeatable: true,
      unknown: [
        {
          ...unknown,
          what: 'a DFSP that does not hold the number',
          change: (request) => ({ ...request, body: { dfspIdentifier: OTHER_DFSP } }),
        },
      ],
    },
    {
      route: 'DELETE /users/{number}/{dfspIdentifier}',
      page: PAGE,
      as: AS,
      good: async () => ({ path: { number: await registered(), dfspIdentifier: DFSP } }),
      status: 204,
      unknown: [{ ...unknown, change: (request) => ({ ...request, path: { number: '1', dfspIdentifier: DFSP } }) }],
    },
  ];
}

function holderCases(context: SuiteContext): ConformanceCase[] {
  const { system } = context;
  const route = 'GET /users/{number}';
  const holdersOf = async (number: string): Promise<string[]> => {
    const answer = await system.ask(route, 'a number of two DFSPs', { as: AS, path: { number } });
    return (answer.mustBe({ status: 200 }).json as { dfspIdentifier: string }[]).map((one) => one.dfspIdentifier);
  };
  const one = (name: string, caseRoute: string, run: () => Promise<void>): ConformanceCase => ({
    name,
    route: caseRoute,
    page: PAGE,
    hops: [],
    run,
  });
  return [
    one('the first DFSP of a number is its primary one, and stays it', route, async () => {
      const number = newNumber();
      await register(context, number, OTHER_DFSP);
      await register(context, number, DFSP);
      const holders = await holdersOf(number);
      if (String(holders) === String([OTHER_DFSP, DFSP])) return;
      const answer = await system.ask(route, 'a number of two DFSPs', { as: AS, path: { number } });
      answer.failWith(`was answered ${answer.text}; must be answered with the one that registered first, first`);
    }),
    one('the same number of the same DFSP again is 422 AlreadyExistsError', 'POST /register', async () => {
      const number = newNumber();
      await register(context, number, DFSP);
      const request = { as: AS, body: { number, dfspIdentifier: DFSP } };
      const answer = await system.ask('POST /register', 'a number that this DFSP holds already', request);
      answer.mustBe({ status: 422, id: 'AlreadyExistsError' });
    }),
    one('of two equal registrations at once one is taken', 'POST /register', async () => {
      const request = { as: AS, body: { number: newNumber(), dfspIdentifier: DFSP } };
      const answers = await Promise.all(
        [1, 2, 3].map(() => system.ask('POST /register', 'one of three equal registrations at once', request)),
      );
      for (const answer of answers) {
        answer.mustBe(answer.status === 201 ? { status: 201 } : { status: 422, id: 'AlreadyExistsError' });
      }
      const taken = answers.filter(({ status }) => status === 201).length;
      if (taken !== 1) answers[0]!.failWith(`was taken ${taken} times; must be taken once`);
    }),
    one('a number that is taken away is not found any more', 'DELETE /users/{number}/{dfspIdentifier}', async () => {
      const number = newNumber();
      await register(context, number, DFSP);
      const remove = 'DELETE /users/{number}/{dfspIdentifier}';
      const path = { number, dfspIdentifier: DFSP };
      (await system.ask(remove, 'a registered number', { as: AS, path })).mustBe({ status: 204 });
      const answer = await system.ask(route, 'a number that was taken away', { as: AS, path: { number } });
      answer.mustBe({ status: 404, id: 'NotFoundError' });
    }),
    one('a number of nine digits, or with letters, is 400', route, async () => {
      for (const number of ['123456789', '12a45', '-1']) {
        const answer = await system.ask(route, `the number ${number}`, { as: AS, path: { number } });
        answer.mustBe({ status: 400 });
      }
    }),
  ];
}
