import { describe, expect, it } from '@jest/globals';
import { errorOfRejection } from './rejection.js';

describe('the error of a rejected payment', () => {
  it('has id and message of the rejecting system', () => {
    const rejection = {
      code: 'F99',
      name: 'Application Error',
      message: 'Invoice is not in pending status',
      triggered_by: 'levelone.dfsp2.bob',
      additional_info: { id: 'InvoiceNotPendingError' },
    };
    expect(errorOfRejection(rejection)).toMatchObject({
      status: 422,
      id: 'InvoiceNotPendingError',
      message: 'Invoice is not in pending status',
    });
    const explained = {
      ...rejection,
      additional_info: { id: 'InvoiceNotFoundError', message: 'Invoice was not found' },
    };
    expect(errorOfRejection(explained)).toMatchObject({
      status: 404,
      id: 'InvoiceNotFoundError',
      message: 'Invoice was not found',
    });
  });

  it.each([
    [undefined, 'The payment was rejected'],
    [null, 'The payment was rejected'],
    [{}, 'The payment was rejected'],
    [{ additional_info: 7, message: 8 }, 'The payment was rejected'],
    [{ additional_info: null, message: 'no' }, 'no'],
    [{ additional_info: { id: '<script>', message: '' }, name: 'Wrong Condition' }, 'Wrong Condition'],
    [{ message: 'x'.repeat(10_000) }, 'x'.repeat(512)],
    [{ message: `x${'\u{1F512}'.repeat(512)}` }, `x${'\u{1F512}'.repeat(255)}`],
  ])('is a plain 422 if the rejection has no valid id: %j', (rejection, message) => {
    expect(errorOfRejection(rejection as never)).toMatchObject({
      status: 422,
      id: 'UnprocessableEntityError',
      message,
    });
  });
});
