import { describe, expect, it, jest } from '@jest/globals';
import { Health, type RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { LedgerClient } from './ledger.client.js';
import { type ExpectedUnit, LedgerUnitCheck } from './ledger-unit-check.js';

const RETRY_MS = 20;
const UNIT = { currency_code: 'EUR', scale: 2 };

async function checked(expected: ExpectedUnit, metadata: () => Promise<object> = () => Promise.resolve(UNIT)) {
  const health = new Health();
  const errors: string[] = [];
  const ledger = { baseUrl: 'http://ledger.test', metadata } as unknown as LedgerClient;
  const logger = { error: (_about: object, message: string) => errors.push(message) } as unknown as RoleLogger;
  const check = new LedgerUnitCheck(ledger, expected, logger, health, RETRY_MS);
  check.onApplicationBootstrap();
  await setImmediate();
  return { health, errors, check };
}

describe('LedgerUnitCheck', () => {
  it.each([{ currency: 'EUR', scale: 2 }, { scale: 2 }])('is content with %j', async (expected) => {
    const { health, errors } = await checked(expected);
    await health.assertReady();
    expect(errors).toEqual([]);
  });

  it('takes no offence at a ledger that does not tell', async () => {
    const { health, errors } = await checked({ currency: 'EUR', scale: 2 }, () => Promise.resolve({ connectors: [] }));
    await health.assertReady();
    expect(errors).toEqual([]);
  });

  it.each([{ currency: 'USD', scale: 2 }, { currency: 'EUR', scale: 3 }, { scale: 0 }])(
    'makes a role unhealthy that was told %j',
    async (expected) => {
      const { health, errors } = await checked(expected);
      await expect(health.assertReady()).rejects.toMatchObject({ status: 503, id: 'ServiceUnavailableError' });
      expect(errors).toEqual([
        `The ledger at http://ledger.test keeps EUR with 2 decimals; this role's settings say ` +
          `${expected.currency ?? 'EUR'} with ${expected.scale}`,
      ]);
    },
  );

  it('asks again while the ledger does not answer, and is healthy meanwhile', async () => {
    const metadata = jest.fn<() => Promise<object>>().mockRejectedValueOnce(new Error('down')).mockResolvedValue(UNIT);
    const { health, errors } = await checked({ scale: 3 }, metadata);
    await health.assertReady();
    expect(errors).toEqual([]);
    await eventually(() => expect(errors).toHaveLength(1));
    expect(metadata).toHaveBeenCalledTimes(2);
  });

  it('stops asking with its role', async () => {
    const metadata = jest.fn<() => Promise<object>>().mockRejectedValue(new Error('down'));
    const { check } = await checked({ scale: 3 }, metadata);
    check.onApplicationShutdown();
    await sleep(5 * RETRY_MS);
    expect(metadata).toHaveBeenCalledTimes(1);
  });
});
