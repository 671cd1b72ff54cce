import { describe, expect, it } from '@jest/globals';
import { PaymentRequestDto } from '@level-one/peers';
import { echoedOrder, orderOfSetup, paymentFingerprint } from './payment-order.js';

const CONDITION = 'ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU?fpt=preimage-sha-256&cost=0';
const OTHER_CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
const ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';
const ECHO = {
  id: ID,
  name: 'Bob Diaz',
  receiver: 'http://dfsp2.test/v1/receivers/1',
  destinationAccount: 'http://dfsp2.test/accounts/bob',
  address: 'levelone.dfsp2.bob.token',
  destinationAmount: '10.40',
  sourceAmount: '10.40',
  sourceAccount: 'alice',
  expiresAt: '2030-01-01T00:01:00.000Z',
  data: { senderIdentifier: '78956562' },
  additionalHeaders: 'AA',
  execution_condition: CONDITION,
  condition: CONDITION,
};

function bodyOf(members: Record<string, unknown>): PaymentRequestDto {
  return Object.assign(new PaymentRequestDto(), members);
}

const UNIT = { scale: 2, precision: 10 };

function without(...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ECHO).filter(([name]) => !names.includes(name)));
}

describe('an echoed setup', () => {
  it('is an order, and is told back as it came', () => {
    const order = echoedOrder(ID, bodyOf(ECHO), UNIT);
    expect(order).toMatchObject({
      sourceAmount: 1_040n,
      destinationAmount: '10.4',
      condition: CONDITION,
      packet: 'AA',
    });
    expect(order.details).toEqual(ECHO);
  });

  it('may leave out what is not needed', () => {
    const order = echoedOrder(ID, bodyOf(without('id', 'name', 'receiver', 'data', 'condition')), UNIT);
    expect(order.details).toEqual({ ...without('name', 'receiver', 'data'), id: ID });
    const withNumber = echoedOrder(ID, bodyOf({ ...without('data'), sourceIdentifier: '1' }), UNIT);
    expect(withNumber.details.data).toEqual({ senderIdentifier: '1' });
  });

  it('travels with whatever packet and well-formed condition it has (N44)', () => {
    const order = echoedOrder(
      ID,
      bodyOf({ ...ECHO, additionalHeaders: '%', execution_condition: OTHER_CONDITION, condition: OTHER_CONDITION }),
      UNIT,
    );
    expect(order).toMatchObject({ packet: '%', condition: OTHER_CONDITION, address: ECHO.address });
  });

  it.each<[string, Record<string, unknown>]>([
    ['without a condition', without('condition', 'execution_condition')],
    ['with a condition that no ledger reads', { ...ECHO, execution_condition: 'garbage' }],
    ['without address and account', without('address', 'destinationAccount')],
    ['without amount', without('sourceAmount')],
    ['without expiry', without('expiresAt')],
  ])('%s is 400', (_what, members) => {
    expect(() => echoedOrder(ID, bodyOf(members), UNIT)).toThrow(
      expect.objectContaining({ status: 400, id: 'InvalidBodyError' }),
    );
  });

  it('goes by execution_condition where condition differs', () => {
    expect(echoedOrder(ID, bodyOf({ ...ECHO, condition: OTHER_CONDITION }), UNIT).condition).toBe(
      ECHO.execution_condition,
    );
  });

  it('with an amount of too many decimals is 422', () => {
    expect(() => echoedOrder(ID, bodyOf({ ...ECHO, sourceAmount: '10.405' }), UNIT)).toThrow(
      expect.objectContaining({ status: 422, id: 'UnprocessableEntityError' }),
    );
  });
});

describe('an order of a setup done here', () => {
  it('is the setup', () => {
    const order = orderOfSetup(ECHO, bodyOf({ memo: 'Lunch' }), UNIT);
    expect(order).toMatchObject({ sourceAmount: 1_040n, address: ECHO.address, packet: 'AA', condition: CONDITION });
    expect(order.details).toEqual({ ...ECHO, memo: 'Lunch' });
  });
});

function of(members: Record<string, unknown>): string {
  return paymentFingerprint(bodyOf(members), UNIT);
}

describe('the fingerprint of a request to pay', () => {
  it('is the same for the same payment', () => {
    expect(of({ ...ECHO, sourceAmount: 10.4, name: 'B', expiresAt: '2030-01-01T00:01:00Z' })).toBe(of(ECHO));
    expect(of({ ...without('condition') })).toBe(of(ECHO));
  });

  it.each([
    { sourceAmount: '10.41' },
    { destinationAmount: '10.41' },
    { sourceAccount: 'dave' },
    { address: 'levelone.dfsp2.eve' },
    { expiresAt: '2030-01-01T00:01:01.000Z' },
    { additionalHeaders: 'AB' },
    { execution_condition: OTHER_CONDITION },
  ])('is another one with %j', (change) => {
    expect(of({ ...ECHO, ...change })).not.toBe(of(ECHO));
  });

  it('of the older form is made of the older form', () => {
    const older = { receiver: ECHO.receiver, sourceAccount: 'alice', sourceIdentifier: '1', destinationAmount: '1' };
    expect(of(older)).toBe(of({ ...older, destinationAmount: '1.00' }));
    expect(of(older)).not.toBe(of({ ...older, receiver: 'http://dfsp2.test/v1/receivers/2' }));
  });
});
