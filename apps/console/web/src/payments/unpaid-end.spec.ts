import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '../api/payments.js';
import { unpaidEndOf } from './unpaid-end.js';

const entry = (of: string, minute: number, state: string, values: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: at(minute),
  dfsp: 'dfsp2',
  role: 'dfsp-api',
  kind: 'state',
  of,
  what: 'in words',
  state,
  ...values,
});
const at = (minute: number): string => `2030-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`;
const BEGUN = [entry('invoice', 1, 'pending'), entry('notification', 2, 'pending'), entry('quote', 3, 'reserved')];

describe('how a payment ended that nobody made', () => {
  it.each([
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['rejected', 'rejected'],
    ['executed', 'paid'],
    ['approved', 'beingPaid'],
  ])('says that its invoice is %s, whatever became of its price', (state, kind) => {
    const entries = [...BEGUN, entry('quote', 9, 'expired'), entry('invoice', 5, state)];
    expect(unpaidEndOf(entries)).toEqual({ kind, at: at(5) });
  });

  it("is what the customer's DFSP was told, if the issuer of the invoice cannot be asked", () => {
    const entries = [entry('notification', 2, 'pending'), entry('notification', 4, 'cancelled')];
    expect(unpaidEndOf(entries)).toEqual({ kind: 'cancelled', at: at(4) });
  });

  it('is that the customer has not answered, and until when the price was valid', () => {
    const sweep = entry('notification', 8, 'pending', { kind: 'sweep' });
    expect(unpaidEndOf([...BEGUN, sweep])).toEqual({ kind: 'unanswered', at: at(2) });
    const over = [...BEGUN, sweep, entry('quote', 9, 'expired')];
    expect(unpaidEndOf(over)).toEqual({ kind: 'unanswered', at: at(2), priceUntil: at(9) });
  });

  it('is that the price expired, and nothing before that', () => {
    const product = [entry('invoice', 1, 'pending'), entry('quote', 3, 'reserved')];
    expect(unpaidEndOf(product)).toBeUndefined();
    expect(unpaidEndOf([...product, entry('quote', 9, 'expired')])).toEqual({ kind: 'priceExpired', at: at(9) });
  });
});
