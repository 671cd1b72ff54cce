import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALICE, DAVE, TestBed } from '../../test/test-bed.js';

const eve = {
  firstName: 'Eve',
  lastName: 'Eng',
  imageUrl: 'https://images.example/eve.png',
  accounts: [
    { name: 'eve-savings', type: 'mWallet' },
    { name: 'eve', type: 'mWallet', isPrimary: true },
  ],
};

describe('customers', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  it('are created, replaced and shown', async () => {
    expect(await bed.ask('PUT /v1/customers/100', eve)).toMatchObject({
      status: 200,
      json: { identifier: '100', name: 'Eve Eng', isMerchant: false },
    });
    const shown = await bed.ask('GET /customers/100');
    expect(shown.json.accounts).toEqual([
      { name: 'eve', type: 'mWallet', isPrimary: true },
      { name: 'eve-savings', type: 'mWallet', isPrimary: false },
    ]);
    await bed.ask('PUT /v1/customers/100', { ...eve, name: 'Eve the Engineer', accounts: [] });
    expect((await bed.ask('GET /v1/customers/100')).json).toMatchObject({ name: 'Eve the Engineer', accounts: [] });
  });

  it('are told to other DFSPs as receivers, on both routes', async () => {
    const expected = {
      status: 200,
      json: {
        type: 'payee',
        name: 'Alice Ames',
        firstName: 'Alice',
        lastName: 'Ames',
        account: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/alice',
        currencyCode: 'USD',
        currencySymbol: '$',
        currencyScale: 2,
        imageUrl: 'https://images.example/one.png',
      },
    };
    for (const route of [`/v1/receivers/${ALICE}`, `/receivers/${ALICE}`, `/v1/query?identifier=${ALICE}`]) {
      const { status, json } = await bed.ask(`GET ${route}`);
      expect({ status, json }).toEqual(expected);
    }
  });

  it('N11: cannot receive without an account; unknown numbers are not found', async () => {
    await bed.ask('PUT /v1/customers/101', { ...eve, accounts: [] });
    expect(await bed.ask('GET /v1/receivers/101')).toMatchObject({ status: 422, json: { id: 'NoAccount' } });
    expect(await bed.ask('GET /v1/receivers/999')).toMatchObject({ status: 404, json: { id: 'UserNotFound' } });
    expect(await bed.ask('GET /v1/query')).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
  });

  it('share no account', async () => {
    const answer = await bed.ask('PUT /v1/customers/102', { ...eve, accounts: [{ name: 'alice', type: 'mWallet' }] });
    expect(answer).toMatchObject({ status: 422, json: { id: 'AlreadyExistsError' } });
    expect((await bed.ask('GET /v1/customers/102')).status).toBe(404);
  });

  it('may be replaced many times at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        bed.ask('PUT /v1/customers/103', { ...eve, accounts: [{ name: 'mallory', type: 'mWallet' }] }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it.each([
    ['PUT /v1/customers/abc', eve, 'InvalidUriParameterError'],
    ['PUT /v1/customers/104', { ...eve, accounts: [{ name: 'no spaces', type: 'mWallet' }] }, 'InvalidBodyError'],
    ['PUT /v1/customers/104', { ...eve, accounts: [{ name: 'x', type: 'bank' }] }, 'InvalidBodyError'],
    ['PUT /v1/customers/104', { ...eve, firstName: '' }, 'InvalidBodyError'],
    ['PUT /v1/customers/104', '[]', 'InvalidBodyError'],
  ])('%s with %j is refused', async (request, body, id) => {
    expect(await bed.ask(request, body)).toMatchObject({ status: 400, json: { id } });
  });

  it('who are merchants are shown to the channel, others are not', async () => {
    expect(await bed.ask(`GET /v1/merchant/${DAVE}`)).toMatchObject({
      status: 200,
      json: { firstName: 'Dave', lastName: 'Dunn', imageUrl: 'https://images.example/one.png' },
    });
    expect(await bed.ask(`GET /v1/merchant/${ALICE}`)).toMatchObject({ status: 404, json: { id: 'MerchantNotFound' } });
  });

  it('N4: are nobody else’s business', async () => {
    const answer = await bed.ask(`GET /v1/receivers/${ALICE}`, undefined, { authorization: '' });
    expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
    expect((await bed.ask('POST /v1/setup', '{', { authorization: '' })).status).toBe(401);
    expect((await bed.ask('GET /v1/health', undefined, { authorization: '' })).json).toEqual({ status: 'OK' });
  });
});
