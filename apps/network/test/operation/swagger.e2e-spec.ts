import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNetwork } from '../support/test-network.js';

describe('Swagger UI of a demo network', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(() => network.close());

  const textOf = async (path: string): Promise<string> => (await fetch(network.url('dfsp-api', 'dfsp1', path))).text();

  it('is as wide as a phone, authorized as the channel, and shows who may call an operation', async () => {
    expect(await textOf('/docs')).toContain('width=device-width');
    const options = await textOf('/docs/swagger-ui-init.js');
    expect(options).toContain('"showExtensions": true');
    expect(options).toMatch(/"demoLogin": \{\s*"name": "dfsp1",\s*"password": "dfsp1"\s*\}/);
  });

  it('links each error to its place on a page that the role serves, behind whatever path it is', async () => {
    for (const [role, dfsp] of [
      ['dfsp-api', 'dfsp1'],
      ['spsp-server', 'dfsp2'],
      ['central-ledger', null],
    ] as const) {
      const document = await (await fetch(network.url(role, dfsp, '/docs-json'))).text();
      const links = [...document.matchAll(/\]\((http[^)]*\/docs\/errors)#(\w+)\)/g)];
      const [[, page = ''] = []] = links;
      expect([role, page]).toEqual([role, network.url(role, dfsp, '/docs/errors')]);
      const answer = await fetch(page);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const text = await answer.text();
      const missing = links.filter(([, , anchor]) => !text.includes(`<h2 id="${anchor}">`));
      expect([role, missing]).toEqual([role, []]);
    }
  });

  it('its examples of notifications are those of the invoice that its examples issue', async () => {
    const document = JSON.parse(await textOf('/docs-json'));
    const { examples } = document.paths['/v1/merchantInvoice'].post.requestBody.content['application/json'];
    const [{ value: body }] = Object.values<{ value: object }>(examples) as [{ value: object }];
    const issued = await network.ask('dfsp-api', 'dfsp2', 'POST /v1/merchantInvoice', { body });
    expect(issued.status).toBe(201);
    const { parameters } = document.paths['/v1/invoiceNotifications/{invoiceNotificationId}'].get;
    const shown = await network.ask(
      'dfsp-api',
      'dfsp1',
      `GET /v1/invoiceNotifications/${parameters[0].schema.example}`,
    );
    expect(shown.status).toBe(200);
  });

  it('its example of an account opens one that nobody has', async () => {
    const url = network.url('dfsp-ledger', 'dfsp1', '/docs-json');
    const operation = ((await (await fetch(url)).json()) as any).paths['/ledger/accounts/{name}'].put;
    const { value: body } = operation.requestBody.content['application/json'].examples['a new account'];
    const { example } = operation.parameters[0].schema;
    const opened = await network.ask('dfsp-ledger', 'dfsp1', `PUT /ledger/accounts/${example}`, {
      auth: 'admin:admin',
      body,
    });
    expect(opened.status).toBe(201);
  });
});
