import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import type { RoleLogger } from '@level-one/platform';
import type { Crossing } from './crossings.js';
import type { IlpConnectorSettings } from '../ilp-connector.settings.js';
import type { LostClaims } from './lost-claims.js';
import { SourceEnds } from './source-ends.js';

const ID = '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14';
const LONG = { code: 'F99', message: 'x'.repeat(5_000) };

const settings = { ilpPrefix: 'levelone.dfsp1.', ledgerName: 'dfsp1-connector' } as IlpConnectorSettings;
const logger = { info: () => undefined } as unknown as RoleLogger;

/** Rejects a source at a ledger that refuses with these errors, one after the other. @returns the reasons it was told */
async function reasonsTold(refusals: ContractError[]): Promise<object[]> {
  const told: object[] = [];
  const ledger = {
    reject: async (_hop: string, _id: string, reason: object) => {
      told.push(reason);
      const refusal = refusals.shift();
      if (refusal) throw refusal;
    },
  };
  const crossing = { name: 'own', from: ledger, reject: 'R3' } as unknown as Crossing;
  await new SourceEnds(settings, {} as LostClaims, logger).reject(crossing, ID, LONG);
  return told;
}

describe('a source whose next transfer was rejected', () => {
  it.each([
    [413, 'RequestBodyTooLargeError'],
    [400, 'InvalidBodyError'],
  ])(
    'is rejected with a reason of the connector, if its ledger answers %i to that of the next ledger',
    async (status, id) => {
      expect(await reasonsTold([new ContractError(status, id, 'no')])).toEqual([
        LONG,
        expect.objectContaining({ code: 'F99', message: expect.stringContaining('does not take') }),
      ]);
    },
  );

  it('is rejected once, if its ledger takes the reason or has ended it already', async () => {
    expect(await reasonsTold([])).toEqual([LONG]);
    expect(await reasonsTold([new ContractError(422, 'InvalidModificationError', 'it is over')])).toEqual([LONG]);
    expect(await reasonsTold([new ContractError(400, 'InvalidModificationError', 'it is over')])).toEqual([LONG]);
  });

  it('is rejected again later, if its ledger does not answer', async () => {
    await expect(reasonsTold([new ContractError(503, 'ServiceUnavailableError', 'away')])).rejects.toThrow('away');
  });
});
