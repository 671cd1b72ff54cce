import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestNetwork } from '../support/test-network.js';

const ADDRESSES = { source_address: 'levelone.dfsp1.alice', destination_address: 'levelone.dfsp2.bob.token' };

describe('Asking a connector for a quote', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const quote = (query: Record<string, string>) =>
    network.ask('ilp-connector', 'dfsp1', `GET /quote?${new URLSearchParams(query).toString()}`);

  it('N19: answers both amounts, with durations of its own or derived by one second', async () => {
    const answer = await quote({ ...ADDRESSES, destination_amount: '10.40' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        source_connector_account: 'levelone.dfsp1.dfsp1-testconnector',
        source_ledger: 'levelone.dfsp1.',
        source_amount: '10.40',
        source_expiry_duration: '6',
        destination_ledger: 'levelone.dfsp2.',
        destination_amount: '10.40',
        destination_expiry_duration: '5',
      },
    });
    expect((await quote({ ...ADDRESSES, source_amount: '3', source_expiry_duration: '10' })).body).toMatchObject({
      destination_amount: '3.00',
      source_expiry_duration: '10',
      destination_expiry_duration: '9',
    });
    expect((await quote({ ...ADDRESSES, source_amount: '3', destination_expiry_duration: '10' })).body).toMatchObject({
      source_expiry_duration: '11',
      destination_expiry_duration: '10',
    });
  });

  it.each([
    ['N13 no amount', {}, 400, 'NoAmountSpecifiedError'],
    ['N13 both amounts', { source_amount: '1', destination_amount: '1' }, 400, 'InvalidUriParameterError'],
    ['N14 zero', { source_amount: '0' }, 400, 'InvalidAmountSpecifiedError'],
    ['N14 negative', { destination_amount: '-1' }, 400, 'InvalidAmountSpecifiedError'],
    ['N14 NaN', { source_amount: 'NaN' }, 400, 'InvalidAmountSpecifiedError'],
    ['N14 Infinity', { destination_amount: 'Infinity' }, 400, 'InvalidAmountSpecifiedError'],
    ['N15 precision alone', { source_amount: '1', destination_precision: '10' }, 400, 'InvalidUriParameterError'],
    ['N15 no destination', { source_amount: '1', destination_address: '' }, 400, 'InvalidUriParameterError'],
    ['N15 no source', { source_amount: '1', source_address: '' }, 400, 'InvalidUriParameterError'],
    ['field A: another unit', { source_amount: '1', source_scale: '4' }, 400, 'InvalidUriParameterError'],
    ['N16 beyond precision', { source_amount: '123456789.00' }, 422, 'UnacceptableAmountError'],
    ['N16 rounds to nothing', { source_amount: '0.001' }, 422, 'UnacceptableAmountError'],
    [
      'N17 unknown destination',
      { source_amount: '1', destination_address: 'levelone.dfsp7.bob' },
      422,
      'AssetsNotTradedError',
    ],
    ['N17 unknown source', { source_amount: '1', source_address: 'elsewhere.alice' }, 422, 'AssetsNotTradedError'],
    ['N18 holds too long', { source_amount: '1', destination_expiry_duration: '3600' }, 422, 'UnacceptableExpiryError'],
    [
      'N18 too close',
      { source_amount: '1', source_expiry_duration: '5', destination_expiry_duration: '5' },
      422,
      'UnacceptableExpiryError',
    ],
  ])('%s', async (_name, query, status, id) => {
    const merged = Object.entries({ ...ADDRESSES, ...query }).filter(([, value]) => value !== '');
    expect(await quote(Object.fromEntries(merged))).toMatchObject({ status, body: { id } });
  });

  it('N12: quotes for a receiver, and knows when there is none', async () => {
    const ask = (route: string, amount: string, number: string) =>
      network.ask(
        'spsp-client-proxy',
        'dfsp1',
        `GET /spsp/client/v1/${route}?${amount}=10&receiver=${encodeURIComponent(network.url('spsp-server', 'dfsp2', `/v1/receivers/${number}`))}`,
      );
    expect(await ask('quoteSourceAmount', 'sourceAmount', '26547070')).toMatchObject({
      status: 200,
      body: { destinationAmount: '10.00' },
    });
    expect(await ask('quoteDestinationAmount', 'destinationAmount', '26547070')).toMatchObject({
      status: 200,
      body: { sourceAmount: '10.00' },
    });
    expect(await ask('quoteSourceAmount', 'sourceAmount', 'john')).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
    expect(await ask('quoteDestinationAmount', 'destinationAmount', 'jane')).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
  });

  it.each([
    ['an account of the own ledger', 'levelone.dfsp1.alice', 200],
    ['an account of another DFSP', 'levelone.dfsp2.bob', 200],
    ['an account with a token', 'levelone.dfsp2.bob.token', 200],
    ['nobody on the own ledger', 'levelone.dfsp1.nobody', 404],
    ['a ledger without a route', 'levelone.dfsp9.bob', 404],
    ['the centre', 'levelone.ist.dfsp2', 404],
    ['no address', 'levelone..bob', 400],
  ])('F4: quotes for the ILP address of %s (%s): %s', async (_what, receiver, status) => {
    for (const [route, amount] of [
      ['quoteSourceAmount', 'sourceAmount'],
      ['quoteDestinationAmount', 'destinationAmount'],
    ]) {
      const path = `GET /spsp/client/v1/${route}?${amount}=10&receiver=${receiver}`;
      const answer = await network.ask('spsp-client-proxy', 'dfsp1', path);
      const told = status === 200 ? Object.values(answer.body) : answer.body.id;
      const expected = { 200: ['10.00'], 404: 'InvalidReceiverIdError', 400: 'InvalidUriParameterError' }[status];
      expect([route, answer.status, told]).toEqual([route, status, expected]);
    }
  });
});
