import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { FIVE_BELLS_BASES, FiveBellsLedger, startLedgers } from '../support/five-bells-client.js';
import { TestNetwork } from '../support/test-network.js';

/** Of the amounts: what an account is opened with, one minor unit, and what is too fine and too large. */
const UNITS = [
  { scale: 0, opening: '5000', unit: '1', rest: '4999', tooFine: '0.1', largest: '9'.repeat(18) },
  {
    scale: 9,
    opening: '5.000000000',
    unit: '0.000000001',
    rest: '4.999999999',
    tooFine: '0.0000000001',
    largest: `${'9'.repeat(9)}.${'9'.repeat(9)}`,
  },
];

describe.each(UNITS)('Five Bells ledgers of scale $scale', ({ scale, opening, unit, rest, tooFine, largest }) => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startLedgers({ SCALE: String(scale), PRECISION: '18', PROPOSAL_LIFETIME_S: '1' });
  });

  afterAll(async () => {
    await network.close();
  });

  describe.each(FIVE_BELLS_BASES)('at the $role', ({ role, dfsp, path }) => {
    let ledger: FiveBellsLedger;
    let parties: readonly [string, string];

    beforeAll(async () => {
      ledger = new FiveBellsLedger(network.url(role, dfsp, path));
      parties = [await ledger.open(`payer-${role}`, opening), await ledger.open(`payee-${role}`, '0')];
    });

    const move = (amount: string, [payer, payee] = parties) => {
      const id = randomUUID();
      const debits = [{ account: payer, amount, authorized: true }];
      return ledger.put(id, ledger.transfer(id, [payer, payee], { debits, credits: [{ account: payee, amount }] }));
    };

    it('F7: say so in their metadata', async () => {
      expect((await ledger.ask('GET /', { auth: null })).body).toMatchObject({ scale, precision: 18 });
    });

    it('F7: move the smallest unit, and nothing finer', async () => {
      expect(await ledger.balance(parties[0])).toBe(opening);
      expect(await move(tooFine)).toMatchObject({ status: 422, body: { id: 'UnprocessableEntityError' } });
      expect(await move(unit)).toMatchObject({ status: 201, body: { debits: [{ amount: unit }] } });
      expect(await ledger.balance(parties[0])).toBe(rest);
      expect(await ledger.balance(parties[1])).toBe(unit);
    });

    it('F7: move amounts of 18 digits, and refuse sums that they cannot count', async () => {
      const rich = await ledger.open(`rich-${role}`, '0', { minimum_allowed_balance: '-infinity' });
      const full = await ledger.open(`full-${role}`, '0');
      let answer = await move(largest, [rich, full]);
      expect(answer).toMatchObject({ status: 201, body: { credits: [{ amount: largest }] } });
      expect(await ledger.balance(full)).toBe(largest);
      for (let moved = 1; moved < 20 && answer.status === 201; moved++) answer = await move(largest, [rich, full]);
      expect(answer).toMatchObject({ status: 422, body: { id: 'UnprocessableEntityError' } });
      expect(await ledger.balance(rich)).toBe(`-${await ledger.balance(full)}`);
    });

    it('F7: end every proposal, also one that names no time', async () => {
      const id = randomUUID();
      const [payer, payee] = parties;
      const body = ledger.transfer(id, parties, {
        debits: [{ account: payer, amount: unit }],
        credits: [{ account: payee, amount: unit }],
      });
      expect(await ledger.put(id, body)).toMatchObject({ status: 201, body: { state: 'proposed' } });
      await eventually(async () => expect((await ledger.get(id)).body).toMatchObject({ state: 'rejected' }), {
        timeoutMs: 60_000,
      });
    });
  });
});
