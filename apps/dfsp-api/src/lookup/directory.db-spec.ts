import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALICE, OWN_SERVER, receiver, TestBed } from '../../test/test-bed.js';
import { directoryIdentifier, LookupService } from './lookup.service.js';
import { splitName } from './person-name.js';

describe('a look-up', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  it('asks the directory for the DFSP, and the DFSP for the receiver', async () => {
    expect(await bed.ask(`GET /v1/client/${ALICE}`)).toMatchObject({
      status: 200,
      json: { identifier: ALICE, firstName: 'Alice', lastName: 'Ames', name: 'Alice Ames', spspReceiver: OWN_SERVER },
    });
    const [query] = bed.peers.callsTo(/^GET \/proxy\/query$/).slice(-1);
    expect(query?.query).toEqual({ receiver: `${OWN_SERVER}/receivers/${ALICE}` });
  });

  it.each(['99999999', 'murthy', '1'.repeat(40)])('N1: answers 404 to the channel for %s', async (number) => {
    expect(await bed.ask(`GET /v1/client/${number}`)).toMatchObject({ status: 404, json: { id: 'ClientNotFound' } });
  });

  it.each([
    `/directory/v1/resources?identifier=eur:${ALICE}`,
    `/directory/v1/resources?identifier=${ALICE}`,
    `/directory/v1/user/get?identifier=${ALICE}&identifierType=eur`,
  ])('answers the aggregate at the gateway: %s', async (route) => {
    const { status, json } = await bed.ask(`GET ${route}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      directory_details: [
        { name: 'DFSP 1', providerUrl: OWN_SERVER, shortName: 'dfsp1', primary: true, registered: true },
      ],
      dfsp_details: receiver('Alice Ames'),
      fraud_details: { score: 0 },
      spspReceiver: OWN_SERVER,
    });
  });

  it('passes on errors of the directory at the gateway', async () => {
    expect(await bed.ask('GET /directory/v1/resources?identifier=eur:99999999')).toMatchObject({
      status: 404,
      json: { id: 'NotFoundError' },
    });
    expect(await bed.ask('GET /directory/v1/resources?identifier=murthy1')).toMatchObject({
      status: 400,
      json: { id: 'InvalidQueryParameterError' },
    });
    expect(await bed.ask('GET /directory/v1/resources')).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
  });

  it('N10: answers 502 if the other DFSP is down or answers no receiver', async () => {
    bed.peers.on(/^GET \/proxy\/query$/, { status: 500 });
    expect(await bed.ask(`GET /v1/client/${ALICE}`)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    bed.peers.on(/^GET \/proxy\/query$/, { json: { type: 'payee' } });
    expect(await bed.ask(`GET /v1/client/${ALICE}`)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    bed.peers.on(/^GET \/proxy\/query$/, { json: receiver('Alice Ames') });
  });

  it('refuses a client above the fraud threshold', async () => {
    const lookup = bed.get(LookupService) as unknown as { scorer: { score: () => Promise<object> } };
    const { scorer } = lookup;
    lookup.scorer = { score: async () => ({ score: 51, id: 'case-1' }) };
    for (const route of [`/v1/client/${ALICE}`, `/directory/v1/resources?identifier=${ALICE}`]) {
      expect(await bed.ask(`GET ${route}`)).toMatchObject({ status: 422, json: { id: 'UserIsAboveFraudThreshold' } });
    }
    lookup.scorer = scorer;
  });
});

describe('a number', () => {
  it.each([
    ['1', 'eur:1'],
    ['12345678', 'eur:12345678'],
    ['123456789', 'tel:123456789'],
    ['+255123456789', 'tel:+255123456789'],
    ['0123456789', undefined],
    ['', undefined],
    ['eur:1', undefined],
  ])('%s is %s in the directory', (number, identifier) => {
    expect(directoryIdentifier(number)).toBe(identifier);
  });
});

describe('a name', () => {
  it.each([
    ['Bob Diaz', 'Bob', 'Diaz'],
    ['  Ana Maria  de la Cruz ', 'Ana', 'Maria de la Cruz'],
    ['Madonna', 'Madonna', ''],
    ['', '', ''],
  ])('%s', (name, firstName, lastName) => {
    expect(splitName(name)).toEqual({ firstName, lastName });
  });
});
