import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { type Answer, TestBed } from '../../test/test-bed.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };

/** Order in which the examples of one path are tried, several times over. */
const METHODS = ['get', 'post', 'put', 'delete'];

describe('examples of the routes for rules in Swagger', () => {
  let bed: TestBed;
  let paths: Record<string, Record<string, any>>;

  beforeAll(async () => {
    bed = await TestBed.start();
    ({ paths } = (await bed.ask('GET /docs-json')).json);
  });
  afterAll(() => bed.stop());

  /** Sends every example of a route. */
  async function press(method: string, path: string): Promise<Answer[]> {
    const { parameters = [], requestBody } = paths[path]![method];
    const url = new URL(path, 'http://any.test');
    for (const { in: where, name, required, example, schema } of parameters) {
      const value = example ?? schema?.example;
      if (where === 'path') url.pathname = url.pathname.replace(`%7B${name}%7D`, encodeURIComponent(value));
      else if (required || value !== undefined) url.searchParams.set(name, value);
    }
    const examples = requestBody?.content['application/json'].examples as
      Record<string, { value: unknown }> | undefined;
    if (!examples && requestBody) throw new Error(`${method} ${path} has no example`);
    const answers: Answer[] = [];
    for (const body of examples ? Object.values(examples).map(({ value }) => value) : [undefined]) {
      answers.push(await bed.ask(`${method.toUpperCase()} ${url.pathname}${url.search}`, body, ADMIN));
    }
    return answers;
  }

  it.each(['feeRules', 'limitRules'])('all work, and work when they are repeated: %s', async (kind) => {
    const routes = Object.keys(paths)
      .filter((path) => path.startsWith(`/v1/${kind}`))
      .flatMap((path) => METHODS.filter((method) => paths[path]![method]).map((method) => [method, path] as const))
      .toSorted(([one], [other]) => METHODS.indexOf(one) - METHODS.indexOf(other));
    expect(routes).toHaveLength(6);
    const isOfOneRule = (path: string): boolean => path.endsWith('}');
    for (const round of [1, 2]) {
      for (const [method, path] of routes) {
        // There are no limits before the first POST.
        if (round === 1 && kind === 'limitRules' && method === 'get' && isOfOneRule(path)) continue;
        for (const { status, json } of await press(method, path)) {
          expect([method, path, status, json]).toEqual([
            method,
            path,
            method === 'post' && !path.endsWith('check') ? 201 : 200,
            json,
          ]);
          const errors = (json.problems ?? []).filter(({ severity }: { severity: string }) => severity === 'error');
          expect(errors).toEqual([]);
        }
      }
    }
  });
});
