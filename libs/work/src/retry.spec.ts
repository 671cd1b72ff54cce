import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { isRefusal, OutOfTime, pauseAfter, retryUntil } from './retry.js';

const { signal } = new AbortController();
const soon = (): Date => new Date(Date.now() + 5_000);
const answers =
  (...statuses: number[]) =>
  async (): Promise<string> => {
    const status = statuses.shift();
    if (status === undefined) return 'done';
    throw new ContractError(status, 'Error', 'no');
  };

const refused = new ContractError(422, 'InvoiceNotPendingError', 'no');

describe('retrying', () => {
  it('continues while the peer does not answer or fails', async () => {
    expect(await retryUntil(soon(), answers(502, 401, 429), signal)).toBe('done');
  });

  it('ends with a refusal', async () => {
    await expect(retryUntil(soon(), answers(502, 422), signal)).rejects.toMatchObject({ status: 422 });
    await expect(retryUntil(soon(), () => Promise.reject(refused), signal)).rejects.toBe(refused);
  });

  it('ends at the deadline with the last error as cause', async () => {
    const error: unknown = await retryUntil(new Date(), answers(502), signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutOfTime);
    expect((error as OutOfTime).cause).toMatchObject({ status: 502 });
  });

  it('ends when the signal is aborted', async () => {
    await expect(retryUntil(soon(), answers(502, 502), AbortSignal.abort())).rejects.toThrow('aborted');
  });
});

describe('a refusal', () => {
  it.each([400, 403, 404, 409, 422])('is %s', (status) => {
    expect(isRefusal(new ContractError(status, 'Error', 'no'))).toBe(true);
  });

  it.each([401, 408, 425, 429, 500, 502, 503])('is not %s', (status) => {
    expect(isRefusal(new ContractError(status, 'Error', 'no'))).toBe(false);
  });

  it('is not an error of another kind', () => {
    expect(isRefusal(new Error('no'))).toBe(false);
  });
});

describe('pauses', () => {
  it('are twice as long each time, up to a bound', () => {
    expect([1, 2, 3, 6, 9].map((failures) => pauseAfter(failures))).toEqual([100, 200, 400, 3_000, 3_000]);
    expect(pauseAfter(3, { firstMs: 1_000, maxMs: 3_600_000 })).toBe(4_000);
  });
});
