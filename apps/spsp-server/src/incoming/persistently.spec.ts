import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { persistently } from './persistently.js';

const DOWN = new ContractError(502, 'ExternalError', 'down');
const later = (ms: number): Date => new Date(Date.now() + ms);
const never = new AbortController().signal;

describe('repeating a call', () => {
  it('goes on while the other side is down', async () => {
    let calls = 0;
    const call = async (): Promise<string> => {
      calls += 1;
      if (calls < 3) throw DOWN;
      return 'there';
    };
    expect(await persistently(call, later(10_000), never)).toBe('there');
    expect(calls).toBe(3);
  });

  it('ends at once when it is refused, at the deadline, and when it is told to stop', async () => {
    const refused = new ContractError(422, 'InvoiceNotPendingError', 'no');
    const refuse = (): Promise<never> => Promise.reject(refused);
    const fail = (): Promise<never> => Promise.reject(DOWN);
    await expect(persistently(refuse, later(10_000), never)).rejects.toBe(refused);
    await expect(persistently(fail, later(-1), never)).rejects.toBe(DOWN);
    await expect(persistently(fail, later(10_000), AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
