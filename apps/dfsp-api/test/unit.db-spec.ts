import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartupError } from '@level-one/platform';
import { TestBed } from './test-bed.js';

describe('a DFSP API keeps the unit of its amounts', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });

  afterAll(() => bed.stop());

  it('field E: refuses to start in another currency or scale once it has amounts', async () => {
    bed = await bed.restarted({ scale: 3 });
    bed = await bed.restarted();
    const { invoiceId } = await bed.issue();
    await expect(bed.restarted({ scale: 3 })).rejects.toThrow(
      new StartupError('SCALE (is 3): the amounts in this database have 2 decimals'),
    );
    await expect(bed.restarted({ currency: 'EUR', scale: 2 })).rejects.toThrow(
      new StartupError('CURRENCY (is "EUR"): the amounts in this database are in USD'),
    );
    bed = await bed.restarted();
    expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json).toMatchObject({ amount: '10.40' });
  });
});
