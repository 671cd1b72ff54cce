import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { encodePacket, packetToText } from '@level-one/ilp';
import type { WireTransfer } from '@level-one/peers';
import { REASON_BYTES_MAX } from '@level-one/transfer';
import { type ForwardingTerms, Refusal, refusalIn, towardsCentre, towardsPayee } from './forwarding.js';
import { Exchange } from '../ledgers/exchange.js';
import { Routes } from '../ledgers/routes.js';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';

const USD = { currency: 'USD', scale: 2, precision: 10 };

const payer: ForwardingTerms = {
  routes: new Routes('levelone.dfsp1.', 'levelone.dfsp2.=dfsp2,levelone.dfsp2.west.=west'),
  exchange: new Exchange(USD, USD, { rate: undefined, spread: '0' }),
  isOneToOne: true,
  minMessageWindowMs: 1_000,
  maxHoldTimeMs: 60_000,
  clockToleranceMs: 2_000,
};
const payee: ForwardingTerms = { ...payer, routes: new Routes('levelone.dfsp2.', 'levelone.dfsp1.=dfsp1') };

function packet(amount = 1_040n, address = 'levelone.dfsp2.bob.token'): string {
  return packetToText(encodePacket({ amount, address, data: Buffer.from('data') }));
}

function transfer(changes: { amount?: string; memo?: object; expiresInMs?: number } = {}): WireTransfer {
  const { amount = '10.40', memo = { ilp: packet() }, expiresInMs = 60_000 } = changes;
  return {
    id: 'http://ledger/transfers/b9c4ceba-51e4-4a80-b1a7-2972383e98af',
    debits: [{ account: 'http://ledger/accounts/alice', amount }],
    credits: [{ account: 'http://ledger/accounts/connector', amount, memo: memo as Record<string, unknown> }],
    execution_condition: CONDITION,
    expires_at: new Date(NOW.getTime() + expiresInMs).toISOString(),
    state: 'prepared',
  };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return `${error.code} ${error.info.id}`;
    throw error;
  }
  return 'forwarded';
}

describe('towardsCentre', () => {
  it('keeps amount, condition and packet, and expires one window earlier', () => {
    expect(towardsCentre(transfer(), payer, NOW)).toEqual({
      creditAccount: 'dfsp2',
      amount: '10.40',
      condition: CONDITION,
      expiresAt: new Date(NOW.getTime() + 59_000),
      packet: packet(),
    });
  });

  it.each([towardsCentre, towardsPayee])('%p forwards nothing that its payer could take back', (plan) => {
    const revocable = { ...transfer(), cancellation_condition: CONDITION };
    expect(codeOf(() => plan(revocable, plan === towardsCentre ? payer : payee, NOW))).toBe(
      'F00 UnprocessableEntityError',
    );
    expect(
      codeOf(() => plan({ ...transfer(), cancellation_condition: null }, plan === towardsCentre ? payer : payee, NOW)),
    ).toBe('forwarded');
  });

  it('takes the longest route', () => {
    const toWest = transfer({ memo: { ilp: packet(1_040n, 'levelone.dfsp2.west.bob') } });
    expect(towardsCentre(toWest, payer, NOW).creditAccount).toBe('west');
  });

  it.each([
    ['no packet', transfer({ memo: {} }), 'F01 InvalidPacketError'],
    ['no packet at all', transfer({ memo: { ilp: 'AQ' } }), 'F01 InvalidPacketError'],
    ['no route', transfer({ memo: { ilp: packet(1n, 'levelone.dfsp9.bob') } }), 'F02 AssetsNotTradedError'],
    ['its own DFSP', transfer({ memo: { ilp: packet(1n, 'levelone.dfsp1.dave') } }), 'F02 AssetsNotTradedError'],
    ['less than the packet promises', transfer({ amount: '10.39' }), 'F03 UnacceptableRateError'],
    ['too little time', transfer({ expiresInMs: 1_000 }), 'R02 UnacceptableExpiryError'],
    ['money held for too long', transfer({ expiresInMs: 63_001 }), 'F00 UnacceptableExpiryError'],
  ])('refuses %s', (_what, source, outcome) => {
    expect(codeOf(() => towardsCentre(source, payer, NOW))).toBe(outcome);
  });
});

describe('the expiry of a source', () => {
  const timeAt = (ms: number) => ({ proposed_at: new Date(ms).toISOString(), prepared_at: new Date(ms).toISOString() });
  const preparedAt = (atMs: number, expiresInMs: number): WireTransfer => ({
    ...transfer({ expiresInMs: atMs + expiresInMs }),
    timeline: timeAt(NOW.getTime() + atMs),
  });

  it.each([-3_600_000, -30_000, -2_000, 2_000, 30_000])(
    "does not depend on the connector's clock, %d ms from the ledger's (KILL 6, 13)",
    (atMs) => {
      for (const plan of [towardsCentre, towardsPayee]) {
        const terms = plan === towardsCentre ? payer : payee;
        const { expiresAt } = plan(preparedAt(atMs, 60_000), terms, NOW);
        expect(expiresAt.getTime() - NOW.getTime()).toBe(atMs + 59_000);
        expect(codeOf(() => plan(preparedAt(atMs, 1_000), terms, NOW))).toBe('R02 UnacceptableExpiryError');
        expect(codeOf(() => plan(preparedAt(atMs, 63_001), terms, NOW))).toBe('F00 UnacceptableExpiryError');
      }
    },
  );

  it('may be set by a clock that is a little ahead, and a refusal says that a clock may be wrong', () => {
    expect(codeOf(() => towardsCentre(preparedAt(0, 63_000), payer, NOW))).toBe('forwarded');
    expect(() => towardsCentre(preparedAt(0, 90_000), payer, NOW)).toThrow('a clock may be wrong');
  });
});

describe('towardsPayee', () => {
  it("delivers the packet's amount to the account of its address", () => {
    expect(towardsPayee(transfer({ amount: '10.40' }), payee, NOW)).toMatchObject({
      creditAccount: 'bob',
      amount: '10.40',
      expiresAt: new Date(NOW.getTime() + 59_000),
    });
  });

  it('F2: keeps nothing of what comes in beyond that, where amounts mean the same on all ledgers', () => {
    expect(towardsPayee(transfer({ amount: '10.41' }), payee, NOW).amount).toBe('10.41');
    const traded = { ...payee, isOneToOne: false };
    expect(towardsPayee(transfer({ amount: '11.00' }), traded, NOW).amount).toBe('10.40');
  });

  it.each(['levelone.dfsp1.bob', 'levelone.ist.dfsp2', 'levelone.dfsp2.north.bob'])(
    'A3: delivers nothing to %s, an account of another ledger',
    (address) => {
      const routes = new Routes('levelone.dfsp2.', 'levelone.dfsp1.=dfsp1,levelone.dfsp2.north.=north');
      const stray = transfer({ memo: { ilp: packet(1_040n, address) } });
      expect(codeOf(() => towardsPayee(stray, { ...payee, routes }, NOW))).toBe('F02 AssetsNotTradedError');
    },
  );

  it("refuses another DFSP's address, and less than the packet promises", () => {
    const elsewhere = transfer({ memo: { ilp: packet(1n, 'levelone.dfsp3.bob') } });
    expect(codeOf(() => towardsPayee(elsewhere, payee, NOW))).toBe('F02 AssetsNotTradedError');
    expect(codeOf(() => towardsPayee(transfer({ amount: '1.00' }), payee, NOW))).toBe('F03 UnacceptableRateError');
  });
});

describe('a refusal of the next ledger', () => {
  it('is told on in a length that the ledger before takes, in any script', () => {
    const told = refusalIn(new ContractError(422, 'InsufficientFundsError', `a${'\u{1F512}'.repeat(900)}`));
    const reason = `a${'\u{1F512}'.repeat(127)}`;
    expect(told).toMatchObject({
      code: 'T04',
      message: `destination transfer failed: ${reason}`,
      info: { id: 'InsufficientFundsError', message: reason },
    });
    expect(Buffer.byteLength(told!.message)).toBeLessThan(REASON_BYTES_MAX);
    expect(refusalIn(new ContractError(503, 'ServiceUnavailableError', 'busy'))).toBeUndefined();
  });

  it('says whose account had too little: it is not the payer', () => {
    const id = 'InsufficientFundsError';
    const infoOf = (message: string, extras = {}) =>
      refusalIn(new ContractError(422, id, message, extras))?.info.message;
    const poor = 'Sender has insufficient funds.';
    expect(infoOf(poor, { owner: 'dfsp1' })).toBe('Sender has insufficient funds. Account `dfsp1`');
    expect(infoOf(poor)).toBe(poor);
    expect(infoOf('The net debit cap would be exceeded.', { owner: 'dfsp1' })).toBe(
      'The net debit cap would be exceeded.',
    );
  });
});
