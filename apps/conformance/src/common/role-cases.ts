import type { ConformanceCase } from '../cases/conformance-case.js';
import type { SuiteBase } from './route-use.js';

const CONVENTIONS = 'contract/README.md#s0.3';

/** The cases that hold of every role as a whole. @param as somebody who may call the role; null where all may */
export function roleCases({ system }: SuiteBase, as: string | null): ConformanceCase[] {
  const base = system.contract.basePath(system.role);
  const health = `GET ${base}/health`;
  const nowhere = `GET ${base}/no-such-route`;
  return [
    {
      name: 'health is 200 {"status":"OK"} for everybody',
      route: health,
      hops: [],
      page: CONVENTIONS,
      run: async () => {
        const answer = (await system.ask(health, 'a request without credentials')).mustBe({ status: 200 });
        if (answer.json?.status !== 'OK')
          answer.failWith(`was answered ${answer.text}; must be answered {"status":"OK"}`);
      },
    },
    {
      name: 'a route that is not there is 404 with an error body',
      route: nowhere,
      hops: [],
      page: 'contract/errors.md#s6',
      run: async () => {
        const answer = await system.ask(nowhere, 'a path that is not served', { as });
        answer.mustBe({ status: [401, 403, 404] });
      },
    },
    {
      name: 'a path that cannot be decoded is refused',
      route: nowhere,
      hops: [],
      page: 'contract/errors.md#s6',
      run: async () => {
        const rawPath = `${base}/%E0%A4%A`;
        const answer = await system.ask(nowhere, 'a path that cannot be decoded', { as, rawPath });
        answer.mustBe({ status: [400, 401, 404] });
      },
    },
  ];
}
