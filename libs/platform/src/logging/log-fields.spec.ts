import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { errorFields, logFields } from './log-fields.js';

describe('A11: a log line', () => {
  it('has the listed members only, nested ones too', () => {
    expect(
      logFields({
        paymentId: 'p',
        status: 404,
        givenUp: true,
        firstName: 'Alice',
        nationalId: 'N-123456',
        path: '/v1/customers/78956562',
        customer: { name: 'Alice' },
        hop: { name: 'Alice' },
        ledger: 'http://user:secret@127.0.0.1:3106/ilp/ledger/v1/accounts/alice?x=1',
      }),
    ).toEqual({ paymentId: 'p', status: 404, givenUp: true, ledger: '127.0.0.1:3106' });
  });

  it('has the class and place of an error, and no data of it', () => {
    const driverError = Object.assign(new Error('duplicate key: Alice'), {
      code: '23505',
      constraint: 'customers_pkey',
      table: 'customers',
      detail: 'Key (identifier)=(78956562) already exists.',
    });
    const error = Object.assign(new Error('Key Alice\n    N-123456\n  at Alice'), {
      name: 'QueryFailedError',
      query: "INSERT INTO customers VALUES ('Alice')",
      parameters: ['Alice', 'N-123456', '1990-05-17'],
      driverError,
    });
    const written = errorFields(new ContractError(500, 'InternalServerError', 'Alice', { name: 'Alice' }, error));
    expect(written).toMatchObject({
      id: 'InternalServerError',
      cause: {
        type: 'QueryFailedError',
        cause: { type: 'Error', code: '23505', constraint: 'customers_pkey', table: 'customers' },
      },
    });
    expect(JSON.stringify(written)).not.toMatch(/Alice|N-123456|1990-05-17|78956562|INSERT/);
    expect(errorFields('Alice')).toEqual({ type: 'string' });
    expect(
      errorFields(new ContractError(502, 'ExternalError', 'I.E: http://x.test could not be reached')),
    ).toMatchObject({
      message: 'I.E: http://x.test could not be reached',
    });
  });
});
