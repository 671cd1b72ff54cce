import { describe, expect, it } from '@jest/globals';
import { rejectionMessage } from './errors.js';

describe('rejectionMessage', () => {
  const triggeredAt = new Date('2017-03-01T10:00:00Z');

  it('builds the object of the worked example', () => {
    const additionalInfo = { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' };
    const message = 'Invoice is not in pending status';
    expect(
      rejectionMessage({ code: 'F99', message, triggeredBy: 'levelone.dfsp2.bob', triggeredAt, additionalInfo }),
    ).toEqual({
      code: 'F99',
      name: 'Application Error',
      message,
      triggered_by: 'levelone.dfsp2.bob',
      triggered_at: '2017-03-01T10:00:00.000Z',
      additional_info: additionalInfo,
    });
  });

  it('leaves out absent members', () => {
    const rejection = rejectionMessage({ code: 'R00', message: 'late', triggeredBy: 'http://c', triggeredAt });
    expect(rejection).not.toHaveProperty('additional_info');
    expect(rejection.name).toBe('Transfer Timed Out');
  });
});
