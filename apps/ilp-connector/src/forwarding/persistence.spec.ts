import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { OutOfTime, persist } from './persistence.js';

const { signal } = new AbortController();
const soon = (): Date => new Date(Date.now() + 5_000);
const answers =
  (...statuses: number[]) =>
  async (): Promise<string> => {
    const status = statuses.shift();
    if (status === undefined) return 'done';
    throw new ContractError(status, 'Error', 'no');
  };

describe('persisting', () => {
  it('goes on while the peer does not answer, or not to the question', async () => {
    expect(await persist(answers(502, 401, 429), soon(), signal)).toBe('done');
  });

  it('ends with a refusal', async () => {
    await expect(persist(answers(502, 422), soon(), signal)).rejects.toMatchObject({ status: 422 });
  });

  it('ends when the time is over', async () => {
    await expect(persist(answers(502), new Date(), signal)).rejects.toBeInstanceOf(OutOfTime);
  });
});
