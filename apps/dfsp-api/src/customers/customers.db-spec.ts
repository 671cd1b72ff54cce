import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeptCopies } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { ALICE, BOB, DAVE, ledgerAccount, OTHER_SERVER, receiver, TestBed } from '../../test/test-bed.js';
import { CustomerAccount } from './customer.entity.js';

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

  it('are shown to other DFSPs as receivers, on both routes', async () => {
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

  it('N11: without an account cannot receive; unknown numbers are not found', async () => {
    await bed.ask('PUT /v1/customers/101', { ...eve, accounts: [] });
    expect(await bed.ask('GET /v1/receivers/101')).toMatchObject({ status: 422, json: { id: 'NoAccount' } });
    expect(await bed.ask('GET /v1/receivers/999')).toMatchObject({ status: 404, json: { id: 'UserNotFound' } });
    expect(await bed.ask('GET /v1/query')).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
  });

  it('cannot share an account', async () => {
    const answer = await bed.ask('PUT /v1/customers/102', { ...eve, accounts: [{ name: 'alice', type: 'mWallet' }] });
    expect(answer).toMatchObject({ status: 422, json: { id: 'AlreadyExistsError' } });
    expect((await bed.ask('GET /v1/customers/102')).status).toBe(404);
  });

  it.each(['con', 'f', 'c', 'ac', 's', 'dfsp', 'issuance', 'role', undefined])(
    'A1: are not mapped onto accounts of kind %s',
    async (accountType) => {
      bed.peers.on(/^GET \/ledger\/accounts\/vault$/, { json: ledgerAccount('vault', { accountType }) });
      for (const type of ['mWallet', 'agentCommission']) {
        const answer = await bed.ask('PUT /v1/customers/105', { ...eve, accounts: [{ name: 'vault', type }] });
        expect(answer).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      }
      expect((await bed.ask('GET /v1/customers/105')).status).toBe(404);
    },
  );

  it('A1: are not mapped onto accounts that the ledger does not have, nor onto the DFSP’s own', async () => {
    bed.peers.on(/^GET \/ledger\/accounts\/nowhere$/, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
    bed.peers.on(/^GET \/ledger\/accounts\/dfsp1\.alice\.account$/, { json: ledgerAccount('alice') });
    for (const name of ['nowhere', 'fees', 'commission', 'agent-commission', 'dfsp1.alice.account']) {
      const answer = await bed.ask('PUT /v1/customers/106', { ...eve, accounts: [{ name, type: 'mWallet' }] });
      expect(answer).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
    }
  });

  it('A1: are not mapped while the ledger cannot be read', async () => {
    bed.peers.on(/^GET \/ledger\/accounts\/silent$/, { status: 500 });
    const answer = await bed.ask('PUT /v1/customers/107', { ...eve, accounts: [{ name: 'silent', type: 'mWallet' }] });
    expect(answer).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    expect((await bed.ask('GET /v1/customers/107')).status).toBe(404);
  });

  it('A1: cannot use an account of the DFSP that they were mapped onto by an older release', async () => {
    await bed.ask('PUT /v1/customers/108', { ...eve, isMerchant: true, accounts: [] });
    await bed.get(DataSource).manager.insert(CustomerAccount, {
      name: 'issuance',
      identifier: '108',
      type: 'mWallet' as never,
      isPrimary: true,
    });
    bed.get(KeptCopies).forget('customers');
    bed.peers.on(/^GET \/ledger\/accounts\/issuance$/, {
      json: ledgerAccount('issuance', { accountType: 'issuance' }),
    });
    const invoiceUrl = `${OTHER_SERVER}/invoices/5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92`;
    bed.teachInvoice(invoiceUrl, { invoiceType: 'product' });
    const payer = { sourceIdentifier: '108', sourceAccount: 'issuance' };
    for (const [request, body] of [
      ['POST /v1/merchantInvoice', { account: 'issuance', amount: '1', merchantIdentifier: '108', identifier: ALICE }],
      ['POST /v1/quote', { ...payer, destinationIdentifier: ALICE, amount: '1' }],
      ['POST /v1/invoice/pay', { invoiceUrl, identifier: '108', account: 'issuance' }],
      ['POST /v1/bulkPayments', { ...payer, rows: [{ identifier: BOB, amount: '1' }] }],
      ['POST /v1/setup', { identifier: '108', senderIdentifier: BOB, amount: '1', paymentId: invoiceUrl.slice(-36) }],
      ['GET /v1/receivers/108', undefined],
    ] as const) {
      expect(await bed.ask(request, body)).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
    }
  });

  it('A10: are shown as receivers without national id and date of birth', async () => {
    const secrets = { nationalId: 'N-123456', dob: '1990-05-17' };
    const accounts = [{ name: 'private', type: 'mWallet' }];
    await bed.ask('PUT /v1/customers/109', { ...eve, ...secrets, accounts });
    expect((await bed.ask('GET /v1/customers/109')).json).toMatchObject(secrets);
    for (const route of ['/v1/receivers/109', '/receivers/109', '/v1/query?identifier=109']) {
      const { status, json } = await bed.ask(`GET ${route}`);
      expect(status).toBe(200);
      expect(Object.keys(json)).not.toEqual(expect.arrayContaining(['nationalId']));
      expect(Object.keys(json)).not.toEqual(expect.arrayContaining(['dob']));
    }
  });

  it('A10: of other DFSPs are shown with the members that a payment needs, and no others', async () => {
    bed.peers.on(/^GET \/proxy\/query$/, { json: { ...receiver('Alice Ames'), nationalId: 'N-1', dob: '1990-05-17' } });
    const { json } = await bed.ask(`GET /directory/v1/resources?identifier=eur:${ALICE}`);
    expect(json.dfsp_details).toEqual(receiver('Alice Ames'));
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

  it('are shown to the channel as merchants only if they are merchants', async () => {
    expect(await bed.ask(`GET /v1/merchant/${DAVE}`)).toMatchObject({
      status: 200,
      json: { firstName: 'Dave', lastName: 'Dunn', imageUrl: 'https://images.example/one.png' },
    });
    expect(await bed.ask(`GET /v1/merchant/${ALICE}`)).toMatchObject({ status: 404, json: { id: 'MerchantNotFound' } });
  });

  it('N4: are shown only to callers with credentials', async () => {
    const answer = await bed.ask(`GET /v1/receivers/${ALICE}`, undefined, { authorization: '' });
    expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
    expect((await bed.ask('POST /v1/setup', '{', { authorization: '' })).status).toBe(401);
    expect((await bed.ask('GET /v1/health', undefined, { authorization: '' })).json).toEqual({ status: 'OK' });
  });
});
