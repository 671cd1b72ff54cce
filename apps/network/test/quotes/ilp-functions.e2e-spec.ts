import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIpr } from '@level-one/ilp';
import { randomUUID } from 'node:crypto';
import { askForQuote, payRequest } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

const HOUR_MS = 3_600_000;

/** Contract 3.8: what was the ILP service. */
describe('the ILP functions', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const accountAt = (dfsp: 'dfsp1' | 'dfsp2', name: string) =>
    network.url('ledger-adapter', dfsp, `/ilp/ledger/v1/accounts/${name}`);

  describe('make payment requests', () => {
    const request = (changes: Record<string, unknown> = {}) => ({
      paymentId: randomUUID(),
      destinationAccount: accountAt('dfsp2', 'frank'),
      destinationAmount: '10',
      expiresAt: new Date(Date.now() + HOUR_MS).toISOString(),
      ...changes,
    });
    const create = (body: Record<string, unknown>) =>
      network.ask('spsp-server', 'dfsp2', 'POST /v1/createIPR', { body });

    it('with the same bytes for the same request, and none for another under its id', async () => {
      const body = request();
      const first = await create(body);
      expect(first.status).toBe(200);
      expect(readIpr(first.body.ipr)).toMatchObject({ paymentId: body.paymentId, amount: 1_000n, scale: 2 });
      const again = await create({ ...body, paymentId: body.paymentId.toUpperCase(), destinationAmount: '10.00' });
      expect([again.status, again.text]).toEqual([200, first.text]);
      for (const changes of [{ destinationAmount: '11' }, { destinationAccount: accountAt('dfsp2', 'carol') }]) {
        expect(await create({ ...body, ...changes })).toMatchObject({
          status: 422,
          body: { id: 'AlreadyExistsError' },
        });
      }
    });

    it.each<[Record<string, unknown>, string]>([
      [{ paymentId: undefined }, 'missing JSON body field paymentId'],
      [{ destinationAccount: undefined }, 'missing JSON body field destinationAccount'],
      [{ destinationAmount: undefined }, 'missing JSON body field destinationAmount'],
      [{ expiresAt: undefined }, 'missing JSON body field expiresAt'],
      [{ paymentId: 'x' }, 'paymentId (x) is an invalid uuid'],
      [{ destinationAmount: 'ten' }, 'destinationAmount (ten) is an invalid decimal amount'],
      [{ destinationAmount: '1e3' }, 'destinationAmount (1e3) is an invalid decimal amount'],
      [{ destinationAmount: '-1' }, 'destinationAmount (-1) is an invalid decimal amount'],
      [{ expiresAt: 'soon' }, 'expiresAt (soon) is an invalid time'],
      [{ expiresAt: '2100-01-01' }, 'expiresAt (2100-01-01) is an invalid time'],
      [{ expiresAt: '+020000-01-01T00:00:00Z' }, 'expiresAt (+020000-01-01T00:00:00Z) is an invalid time'],
      [{ data: 'text' }, 'data is not an object of at most 4096 characters'],
      [{ data: { text: 'x'.repeat(5_000) } }, 'data is not an object of at most 4096 characters'],
    ])('and none of %j', async (changes, message) => {
      expect(await create(request(changes))).toMatchObject({ status: 400, body: { id: 'InvalidBodyError', message } });
    });

    it.each<[string, Record<string, unknown>]>([
      ['nothing', { destinationAmount: '0' }],
      ['less than a smallest unit', { destinationAmount: '0.001' }],
      ['more than a ledger holds', { destinationAmount: '123456789012345678' }],
      ['a time that is over', { expiresAt: '2000-01-01T00:00:00Z' }],
      ['an account that is none', { destinationAccount: 'http://dfsp2.test/nothing' }],
    ])('nor of %s', async (_name, changes) => {
      const answer = await create(request(changes));
      expect([answer.status, answer.body.id]).toEqual([422, 'UnprocessableEntityError']);
    });
  });

  it('quote payment requests, at the connector that was named', async () => {
    const { ipr } = (await askForQuote(network)).body;
    const quote = (query: Record<string, string>) =>
      network.ask('spsp-client', 'dfsp1', `GET /v1/quoteIPR?${new URLSearchParams(query).toString()}`);
    const connectorAccount = accountAt('dfsp1', 'dfsp1-testconnector');
    const expected = { sourceAmount: '10.00', connectorAccount, sourceExpiryDuration: 10 };
    for (const query of [{ ipr } as Record<string, string>, { ipr, connectorAccount }]) {
      expect(await quote(query)).toMatchObject({ status: 200, body: expected });
    }
    const elsewhere = await quote({ ipr, connectorAccount: accountAt('dfsp1', 'alice') });
    expect([elsewhere.status, elsewhere.body.id]).toEqual([422, 'UnprocessableEntityError']);
    expect(await quote({})).toMatchObject({
      status: 400,
      body: { id: 'InvalidUriParameterError', message: 'missing query parameter ipr' },
    });
    expect(await quote({ ipr: 'zz' })).toMatchObject({
      status: 400,
      body: { message: 'ipr (zz) contains invalid base64url.' },
    });
  });

  it('tell the address of an account in both spellings', async () => {
    const address = 'levelone.dfsp1.alice';
    const query = `account=${encodeURIComponent(accountAt('dfsp1', 'alice'))}`;
    expect(await network.ask('spsp-client', 'dfsp1', `GET /v1/ilpAddress?${query}`)).toMatchObject({
      status: 200,
      body: { address, ilpAddress: address },
    });
    expect(await network.ask('spsp-client', 'dfsp1', 'GET /v1/ilpAddress')).toMatchObject({
      status: 400,
      body: { id: 'InvalidUriParameterError', message: 'missing query parameter account' },
    });
  });

  it('do not pay an account by itself, nor at an id that is none', async () => {
    const { body: quote } = await askForQuote(network);
    const toItself = await payRequest(network, quote, { connectorAccount: accountAt('dfsp1', 'erin') });
    expect([toItself.status, toItself.body.id]).toEqual([422, 'UnprocessableEntityError']);
    const request = 'PUT /scheme/adapter/v1/payments/zz';
    const noId = await network.ask('scheme-adapter', 'dfsp1', request, { body: quote });
    expect([noId.status, noId.body.id]).toEqual([400, 'InvalidUriParameterError']);
    expect(await payRequest(network, quote)).toMatchObject({ status: 200, body: { status: 'executed' } });
  });
});
