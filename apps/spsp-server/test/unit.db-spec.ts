import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SpspServerTestBed } from './test-bed.js';

describe('an SPSP server keeps the unit of its amounts', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('field E: does not start in another currency or scale than that of its amounts', async () => {
    await bed.newSetup();
    await bed.server.close();
    await expect(bed.startServer({ currency: 'UGX', scale: 0 })).rejects.toThrow(
      'CURRENCY (is "UGX"): the amounts in this database are in USD; ' +
        'SCALE (is 0): the amounts in this database have 2 decimals',
    );
    bed.server = await bed.startServer();
  });
});
