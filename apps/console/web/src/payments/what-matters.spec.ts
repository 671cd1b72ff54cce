import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '../api/payments.js';
import { whatMatters } from './what-matters.js';

let minute = 0;
const entry = (values: Partial<TimelineEntry>): TimelineEntry => ({
  at: `2030-01-01T00:${String(minute++).padStart(2, '0')}:00.000Z`,
  dfsp: 'dfsp1',
  role: 'ilp-connector',
  kind: 'hop',
  what: 'P.G1 to central-ledger',
  ...values,
});

describe('what matters of a timeline', () => {
  it('has changes of states and failures, attempts without an answer as one line', () => {
    const silent = Array.from({ length: 16 }, () => entry({ hop: 'P.G1', method: 'PUT', detail: 'no answer' }));
    const prepared = entry({ kind: 'state', of: 'transfer', state: 'prepared' });
    const refused = entry({ hop: 'P.I', method: 'PUT', status: 422 });
    const expired = entry({ kind: 'sweep', of: 'transfer', state: 'rejected' });
    const folded = whatMatters([
      entry({ hop: 'P.D', method: 'PUT', status: 201 }),
      prepared,
      entry({ kind: 'sweep', of: 'transfer', state: 'prepared' }),
      entry({ kind: 'sweep', what: 'sweep pending payments' }),
      ...silent,
      refused,
      entry({ method: 'WS', what: 'transfer.create' }),
      entry({ hop: 'support-adapter', method: 'GET', status: 404 }),
      entry({ kind: 'ledgerEvent', what: 'ledger.batch' }),
      expired,
    ]);
    expect(folded).toEqual([
      { entry: prepared, count: 1, lastAt: prepared.at },
      { entry: silent[0], count: 16, lastAt: silent[15]!.at },
      { entry: refused, count: 1, lastAt: refused.at },
      { entry: expired, count: 1, lastAt: expired.at },
    ]);
  });
});
