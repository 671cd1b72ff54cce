import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ALICE, BOB, invoice, notifiedInvoice, pending } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

/** Nobody registered this server; it counts who connects all the same. */
class Stranger {
  private connections = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', () => (this.connections += 1));
  }

  static async listen(): Promise<Stranger> {
    const server = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return new Stranger(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get wasCalled(): boolean {
    return this.connections > 0;
  }

  close(): Promise<void> {
    return new Promise((done) => {
      this.server.closeAllConnections();
      this.server.close(() => done());
    });
  }
}

describe('URLs that come from outside', () => {
  let network: TestNetwork;
  let stranger: Stranger;

  beforeAll(async () => {
    [network, stranger] = await Promise.all([TestNetwork.start(), Stranger.listen()]);
  });

  afterAll(async () => {
    expect(stranger.wasCalled).toBe(false);
    await Promise.all([network.close(), stranger.close()]);
  });

  const proxy = (request: string, body?: unknown) => network.ask('spsp-client-proxy', 'dfsp1', request, { body });

  it('a receiver at a stranger is 404, and the stranger is not contacted', async () => {
    const receiver = `${stranger.url}/v1/receivers/${BOB}`;
    expect(await proxy(`GET /spsp/client/v1/query?receiver=${encodeURIComponent(receiver)}`)).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
    const setup = { receiver, sourceAccount: 'alice', sourceIdentifier: ALICE, destinationAmount: '1.00' };
    expect(await proxy('POST /spsp/client/v1/setup', setup)).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
  });

  it('an invoice at a stranger is 404, and the stranger is not contacted', async () => {
    const invoiceUrl = `${stranger.url}/v1/invoices/1`;
    expect(await proxy(`GET /spsp/client/v1/invoices?invoiceUrl=${encodeURIComponent(invoiceUrl)}`)).toMatchObject({
      status: 404,
      body: { id: 'InvoiceNotFoundError' },
    });
    expect(
      await network.ask('dfsp-api', 'dfsp1', 'POST /v1/invoice/pay', {
        body: { invoiceUrl, identifier: ALICE, account: 'alice' },
      }),
    ).toMatchObject({ status: 404, body: { id: 'InvoiceNotFoundError' } });
  });

  it('a notification for a stranger is 404, and the stranger is not contacted', async () => {
    const body = { invoiceId: '1', submissionUrl: `${stranger.url}/v1/invoices`, senderIdentifier: ALICE, memo: '' };
    for (const path of ['/spsp/client/v1/invoices', '/v1/invoices']) {
      expect(await proxy(`POST ${path}`, body)).toMatchObject({ status: 404, body: { id: 'UserNotFound' } });
    }
    expect(await network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/invoices', { body })).toMatchObject({
      status: 404,
      body: { id: 'UserNotFound' },
    });
  });

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'ftp://127.0.0.1/v1/receivers/1', '//127.0.0.1/x', ''])(
    '%j is no receiver at all',
    async (receiver) => {
      expect(await proxy(`GET /spsp/client/v1/query?receiver=${encodeURIComponent(receiver)}`)).toMatchObject({
        status: 400,
        body: { id: 'InvalidUriParameterError' },
      });
    },
  );

  it('credentials, other ports and look-alike hosts do not pass for a registered origin', async () => {
    const { host, port } = new URL(network.url('spsp-server', 'dfsp2'));
    for (const receiver of [
      `http://${host}@127.0.0.1:${new URL(stranger.url).port}/v1/receivers/${BOB}`,
      `http://user:pass@${host}/v1/receivers/${BOB}`,
      `https://${host}/v1/receivers/${BOB}`,
      `http://localhost:${port}/v1/receivers/${BOB}`,
      `http://127.0.0.1:${new URL(network.url('dfsp-ledger', 'dfsp2')).port}/ledger/accounts/bob`,
    ]) {
      const answer = await proxy(`GET /spsp/client/v1/query?receiver=${encodeURIComponent(receiver)}`);
      expect([receiver, answer.status]).toEqual([receiver, 404]);
    }
  });
});

describe('A hop that is down', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  it('N10: is 502 ExternalError in bounded time; what was known before goes on working', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const receiver = network.url('spsp-server', 'dfsp2', `/v1/receivers/${BOB}`);
    const query = () =>
      network.ask('spsp-client-proxy', 'dfsp1', `GET /spsp/client/v1/query?receiver=${encodeURIComponent(receiver)}`);
    expect((await query()).status).toBe(200);

    await network.running.role('central-directory').close();
    expect((await query()).status).toBe(200);

    await network.running.role('spsp-backend', 'dfsp2').close();
    const down = { status: 502, body: { id: 'ExternalError' } };
    expect(await query()).toMatchObject(down);
    await network.running.role('spsp-server', 'dfsp2').close();
    expect(await query()).toMatchObject(down);
    expect(
      await network.ask('dfsp-api', 'dfsp1', 'PUT /v1/invoiceNotifications/pay', {
        body: { account: 'alice', invoiceNotificationId },
      }),
    ).toMatchObject(down);
    expect((await pending(network)).map((one) => one.invoiceNotificationId)).toContain(invoiceNotificationId);
    expect(await invoice(network)).toMatchObject(down);
  });
});
