import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { deadlineFrom, failureOf } from './delivery.js';

const SETTINGS = { deliveryPauseMs: 1_000, deliveryPauseMaxS: 60, deliveryDeadlineS: 3_600 };
const now = new Date('2030-01-01T00:00:00Z');
const deadline = deadlineFrom(now, SETTINGS);
const away = new ContractError(503, 'ServiceUnavailableError', 'away');

const pauseAfter = (attempts: number, error: unknown = away): number | undefined => {
  const { nextAttemptAt } = failureOf(error, { attempts, deadline }, SETTINGS, { now });
  return nextAttemptAt && nextAttemptAt.getTime() - now.getTime();
};

describe('what could not be delivered', () => {
  it('is tried again after growing pauses, however often it was tried', () => {
    expect([1, 2, 3, 7, 50, 5_000].map((attempts) => pauseAfter(attempts))).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000, 60_000,
    ]);
  });

  it('waits as long as the peer asks, up to the longest pause', () => {
    const busy = (retryAfterS: number) =>
      new ContractError(503, 'ServiceUnavailableError', 'busy', {}, undefined, retryAfterS);
    expect(pauseAfter(1, busy(20))).toBe(20_000);
    expect(pauseAfter(1, busy(9_000))).toBe(60_000);
  });

  it('is tried for the last time at its deadline, and is undeliverable then', () => {
    const nearly = new Date(deadline.getTime() - 10);
    expect(failureOf(away, { attempts: 9, deadline }, SETTINGS, { now: nearly }).nextAttemptAt).toEqual(deadline);
    expect(failureOf(away, { attempts: 10, deadline }, SETTINGS, { now: deadline })).toEqual({
      errorId: 'ServiceUnavailableError',
      message: 'away',
      nextAttemptAt: undefined,
    });
  });

  it('is undeliverable after a final refusal', () => {
    const refused = new ContractError(422, 'UnprocessableEntityError', 'no');
    const failure = failureOf(refused, { attempts: 1, deadline }, SETTINGS, { now, isFinal: true });
    expect(failure).toMatchObject({ errorId: 'UnprocessableEntityError', nextAttemptAt: undefined });
  });

  it('keeps the beginning of a long message, and no half of a character', () => {
    const long = new ContractError(422, 'UnprocessableEntityError', `${'x'.repeat(511)}\u{1f600}`);
    expect(failureOf(long, { attempts: 1, deadline }, SETTINGS, { now }).message).toBe('x'.repeat(511));
  });

  it('does not show what an unknown error says', () => {
    const failure = failureOf(new Error('row (alice, secret)'), { attempts: 1, deadline }, SETTINGS, { now });
    expect(failure).toMatchObject({ errorId: 'InternalServerError', message: 'An internal error occurred' });
  });
});
