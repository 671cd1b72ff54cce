import { describe, expect, it } from '@jest/globals';
import { PaymentWaiters } from './payment-waiters.js';

const LONG_MS = 60_000;

describe('waiting for a payment', () => {
  it('ends for everybody who waits for it, also when it was woken before the wait began', async () => {
    const waiters = new PaymentWaiters();
    const [first, second, early] = [waiters.listen('1'), waiters.listen('1'), waiters.listen('1')];
    const waits = [first.wait(LONG_MS), second.wait(LONG_MS)];
    waiters.wakeRequests('1');
    await Promise.all([...waits, early.wait(LONG_MS)]);
    expect(waiters.closed).toBe(false);
  });

  it('goes on when another one is woken, and ends with its time', async () => {
    const waiters = new PaymentWaiters();
    const waiter = waiters.listen('1');
    let ended = false;
    const wait = waiter.wait(20).then(() => (ended = true));
    waiters.wakeRequests('2');
    await new Promise(setImmediate);
    expect(ended).toBe(false);
    await wait;
    waiter.stop();
  });

  it('ends when the role is stopped, and is not begun again', async () => {
    const waiters = new PaymentWaiters();
    const before = waiters.listen('1').wait(LONG_MS);
    waiters.onModuleDestroy();
    await Promise.all([before, waiters.listen('1').wait(LONG_MS)]);
    expect(waiters.closed).toBe(true);
  });
});
