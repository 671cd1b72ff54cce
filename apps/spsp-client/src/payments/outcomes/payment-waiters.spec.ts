import { describe, expect, it } from '@jest/globals';
import type { Payment } from '../store/payment.entity.js';
import { PaymentWaiters } from './payment-waiters.js';

const LONG_MS = 60_000;

const payment = (id: string): Payment => ({ id }) as Payment;

describe('waiting for a payment', () => {
  it('ends for everybody who waits for it with its end, also when it was woken before the wait began', async () => {
    const waiters = new PaymentWaiters();
    const [first, second, early] = [waiters.listen('1'), waiters.listen('1'), waiters.listen('1')];
    const waits = [first.wait(LONG_MS), second.wait(LONG_MS)];
    const ended = payment('1');
    waiters.wakeRequests(ended);
    expect(await Promise.all([...waits, early.wait(LONG_MS)])).toEqual([ended, ended, ended]);
    expect(waiters.closed).toBe(false);
  });

  it('goes on when another one is woken, and ends with its time', async () => {
    const waiters = new PaymentWaiters();
    const waiter = waiters.listen('1');
    let ended = false;
    const wait = waiter.wait(20).finally(() => (ended = true));
    waiters.wakeRequests(payment('2'));
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    expect(await wait).toBeUndefined();
    waiter.stop();
  });

  it('ends when the role is stopped, and is not begun again', async () => {
    const waiters = new PaymentWaiters();
    const before = waiters.listen('1').wait(LONG_MS);
    waiters.onModuleDestroy();
    expect(await Promise.all([before, waiters.listen('1').wait(LONG_MS)])).toEqual([undefined, undefined]);
    expect(waiters.closed).toBe(true);
  });

  it('tells which payment it is for as long as somebody waits', () => {
    const waiters = new PaymentWaiters();
    const [first, second] = [waiters.listen('1'), waiters.listen('1')];
    expect(waiters.findFollowed('1')).toBeUndefined();
    const followed = payment('1');
    second.follow(followed);
    first.stop();
    expect(waiters.findFollowed('1')).toBe(followed);
    second.stop();
    expect(waiters.findFollowed('1')).toBeUndefined();
  });
});
