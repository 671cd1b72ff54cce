import { describe, expect, it } from '@jest/globals';
import { Contract } from './documents.js';
import { wronglyWritten } from './wire-values.js';

describe('the contract that cases are checked by', () => {
  const contract = new Contract();

  it('has the statuses of each error id', () => {
    expect([...contract.errorIds.get('ExternalError')!]).toEqual([502]);
    expect([...contract.errorIds.get('AlreadyExistsError')!]).toEqual([422]);
    expect(contract.errorIds.has('SomeError')).toBe(false);
  });

  it('checks bodies by the OpenAPI documents', () => {
    const route = 'POST /spsp/backend/v1/setup';
    expect(contract.errorsOfRequest('spsp-backend', route, { senderIdentifier: '1', paymentId: 'x' })).toEqual([]);
    expect(contract.errorsOfRequest('spsp-backend', route, { senderIdentifier: 1 })).toEqual([
      "the body must have required property 'paymentId'",
      '`senderIdentifier` must be string',
    ]);
    expect(contract.errorsOfAnswer('spsp-backend', route, 201, { status: 'done' })).toContain(
      '`status` must be equal to one of the allowed values (proposed)',
    );
  });

  it('knows the base path of a role', () => {
    expect(contract.basePath('spsp-backend')).toBe('/spsp/backend/v1');
    expect(contract.basePath('central-ledger')).toBe('');
  });
});

describe('values on the wire', () => {
  it.each([
    [{ amount: '10.40', expiresAt: '2030-01-01T00:00:00.000Z', currencyCode: 'USD' }, 0],
    [{ amount: 10.4 }, 1],
    [{ amount: '1e3' }, 1],
    [{ fee: '0.00', balance: '-infinity', minimum_allowed_balance: '-1.00' }, 0],
    [{ list: [{ destinationAmount: '01.00' }] }, 1],
    [{ expiresAt: '2030-01-01T00:00:00Z' }, 1],
    [{ transferId: 'B9C4CEBA-51e4-4a80-b1a7-2972383e98af' }, 1],
  ])('%j has %i that are written wrongly', (body, count) => {
    expect(wronglyWritten(body)).toHaveLength(count);
  });
});
