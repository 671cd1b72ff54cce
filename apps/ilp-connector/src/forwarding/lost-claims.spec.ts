import { beforeEach, describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import type { Health, RoleLogger, RoleMetrics } from '@level-one/platform';
import type { Crossings } from './crossings.js';
import type { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { type ClaimOutcome, type DueClaim, type LostClaimStore } from './lost-claim-store.js';
import { LostClaims } from './lost-claims.js';

const CLAIM: DueClaim = {
  ledger: 'own',
  transferId: '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14',
  amount: '10.40',
  fulfillment: 'oCKA',
  lostAt: new Date(),
  state: 'lost',
  statement: null,
  attempts: 1,
};
const settings = { latePollMs: 1_000, claimTryS: 3_600, claimPollS: 60 } as IlpConnectorSettings;

/** Asks about one claim at ledgers that answer as given. */
async function outcomeOf(
  claim: DueClaim,
  { statement = async () => ({ signature: 'signed' }), file }: { statement?: () => unknown; file: () => unknown },
): Promise<{ outcome: ClaimOutcome; filed: unknown[] }> {
  const filed: unknown[] = [];
  let outcome: ClaimOutcome | undefined;
  const store = {
    takeDue: async () => [claim],
    write: async (_: DueClaim, written: ClaimOutcome) => (outcome = written),
    sums: async () => [],
  };
  const ledger = {
    statement: async () => statement(),
    claim: async (...told: unknown[]) => {
      filed.push(told);
      return file();
    },
  };
  const crossing = { from: ledger, to: ledger };
  const claims = new LostClaims(
    store as unknown as LostClaimStore,
    { outwards: crossing, inwards: crossing } as unknown as Crossings,
    settings,
    logger,
    { registerNotes: () => undefined } as unknown as Health,
    { readAs: () => undefined } as unknown as RoleMetrics,
  );
  await (claims as unknown as { sweep(signal: AbortSignal): Promise<void> }).sweep(new AbortController().signal);
  return { outcome: outcome!, filed };
}

let logger: RoleLogger;

beforeEach(() => {
  logger = { warn: () => undefined, error: () => undefined } as unknown as RoleLogger;
});

const throws = (status: number, id: string) => () => {
  throw new ContractError(status, id, 'told');
};

describe('ruling 39: a late claim of a connector', () => {
  it('is filed with the signed statement of the next ledger, and asked about again while it waits', async () => {
    const { outcome, filed } = await outcomeOf(CLAIM, { file: async () => ({ state: 'waiting' }) });
    expect(filed).toEqual([[CLAIM.transferId, { amount: '10.40', fulfillment: 'oCKA', statement: 'signed' }]]);
    const kept = { state: 'waiting', statement: 'signed', attempts: 0, reason: null, pauseMs: 60_000 };
    expect(outcome).toEqual(kept);
  });

  it.each(['booked', 'refused'] as const)('ends as %s', async (state) => {
    const { outcome } = await outcomeOf(CLAIM, { file: async () => ({ state }) });
    expect(outcome).toMatchObject({ state, pauseMs: undefined });
  });

  it.each([
    'AlreadyRolledBackError',
    'ExpiredTransferError',
    'TransferNotConditionalError',
    'UnmetConditionError',
    'UnsupportedCryptoConditionError',
  ])('is refused for good with 422 %s', async (id) => {
    const { outcome } = await outcomeOf(CLAIM, { file: throws(422, id) });
    expect(outcome).toMatchObject({ state: 'refused', reason: `${id}: told`, pauseMs: undefined });
  });

  it.each([
    [422, 'UnprocessableEntityError'],
    [404, 'NotFoundError'],
    [403, 'UnauthorizedError'],
    [502, 'ExternalError'],
    [503, 'ServiceUnavailableError'],
  ])('is tried again after %i %s, with growing pauses', async (status, id) => {
    const first = await outcomeOf(CLAIM, { file: throws(status, id) });
    expect(first.outcome).toMatchObject({ state: 'lost', attempts: 1, reason: `${id}: told`, pauseMs: 1_000 });
    const fifth = await outcomeOf({ ...CLAIM, attempts: 5 }, { file: throws(status, id) });
    expect(fifth.outcome.pauseMs).toBe(16_000);
    const late = await outcomeOf({ ...CLAIM, attempts: 60 }, { file: throws(status, id) });
    expect(late.outcome.pauseMs).toBe(600_000);
  });

  it('is not filed while the next ledger says nothing', async () => {
    const statement = throws(502, 'ExternalError');
    const { outcome, filed } = await outcomeOf(CLAIM, { statement, file: async () => ({ state: 'waiting' }) });
    expect([outcome.state, filed]).toEqual(['lost', []]);
  });

  it('is given up after CLAIM_TRY_S, but never once it is filed', async () => {
    const lostAt = new Date(Date.now() - 3_700_000);
    const file = throws(502, 'ExternalError');
    expect((await outcomeOf({ ...CLAIM, lostAt }, { file })).outcome).toMatchObject({
      state: 'refused',
      reason: 'ExternalError: told',
      pauseMs: undefined,
    });
    const filed = { ...CLAIM, lostAt, state: 'waiting' as const, statement: 'signed' };
    expect((await outcomeOf(filed, { file })).outcome).toMatchObject({ state: 'waiting', statement: 'signed' });
  });
});
