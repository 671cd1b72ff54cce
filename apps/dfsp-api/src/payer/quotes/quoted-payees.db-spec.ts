import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { paymentError, PaymentErrorId } from '../../ledger/payment-errors.js';
import { ALICE, DAVE, receiver, TestBed } from '../../../test/test-bed.js';
import { FraudScorer } from '../../lookup/fraud-scorer.js';
import type { QuotedPayee } from './quoted-party.js';
import { QuotedPayees } from './quoted-payees.service.js';

const LOOKUP = /^GET \/(directory\/resources|proxy\/query)$/;

describe('the payee of a quote', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start({ lookupKeptS: 60 });
  });
  afterAll(() => bed.stop());
  afterEach(() => bed.peers.on(/^GET \/proxy\/query$/, { json: receiver('Alice Ames') }));

  const quoteAt = (at: TestBed, quote: (payee: QuotedPayee) => Promise<unknown> = async (payee) => payee) =>
    at.get(QuotedPayees).quoteTo(ALICE, DAVE, quote);
  /** How many requests a piece of work sent to look somebody up. */
  const lookupsDuring = async (work: () => Promise<unknown>) => {
    const before = bed.peers.callsTo(LOOKUP).length;
    await work();
    return bed.peers.callsTo(LOOKUP).length - before;
  };
  const rename = (name: string, account = 'alice') =>
    bed.peers.on(/^GET \/proxy\/query$/, {
      json: { ...receiver(name), account: `http://adapter.dfsp1.test/ilp/ledger/v1/accounts/${account}` },
    });
  const refuse = async (): Promise<never> => {
    throw paymentError(PaymentErrorId.InsufficientFunds);
  };

  it('is not looked up again for some seconds, whoever looked them up', async () => {
    expect(await lookupsDuring(() => bed.ask(`GET /v1/client/${ALICE}`))).toBe(2);
    expect(await lookupsDuring(() => quoteAt(bed))).toBe(0);
    expect(await quoteAt(bed)).toMatchObject({ identifier: ALICE, name: 'Alice Ames', currency: 'USD' });
  });

  it('is looked up anew for a channel that asks who they are', async () => {
    rename('Alice Archer');
    expect(await bed.ask(`GET /v1/client/${ALICE}`)).toMatchObject({ json: { name: 'Alice Archer' } });
    expect(await quoteAt(bed)).toMatchObject({ name: 'Alice Archer' });
  });

  it('is looked up again when a quote is refused, and quoted again if they have changed', async () => {
    await bed.ask(`GET /v1/client/${ALICE}`);
    rename('Alice Ames', 'savings');
    const asked: QuotedPayee[] = [];
    const answer = await quoteAt(bed, (payee) => {
      asked.push(payee);
      return asked.length === 1 ? refuse() : Promise.resolve('a quote');
    });
    expect(answer).toBe('a quote');
    expect(asked.map(({ account }) => account?.split('/').at(-1))).toEqual(['alice', 'savings']);
  });

  it.each([
    ['they have not changed', 'Alice Ames'],
    ['only their name has changed', 'Alice Archer'],
  ])('leaves the refusal as it is if %s', async (_, name) => {
    await bed.ask(`GET /v1/client/${ALICE}`);
    rename(name);
    const asked: QuotedPayee[] = [];
    const quoting = quoteAt(bed, (payee) => {
      asked.push(payee);
      return refuse();
    });
    await expect(quoting).rejects.toMatchObject({ id: 'InsufficientFundsError' });
    expect(asked).toHaveLength(1);
  });

  it('is looked up again if they were suspicious as they are remembered', async () => {
    await bed.ask(`GET /v1/client/${ALICE}`);
    rename('Alice Archer');
    jest
      .spyOn(bed.get(FraudScorer), 'score')
      .mockImplementation(async (_, { name }) => ({ score: name === 'Alice Ames' ? 51 : 0 }));
    expect(await quoteAt(bed)).toMatchObject({ name: 'Alice Archer' });
    jest.restoreAllMocks();
  });

  it('is not looked up again for what is no refusal', async () => {
    await bed.ask(`GET /v1/client/${ALICE}`);
    const fails = async () => {
      throw new Error('the database is away');
    };
    const failing = () => expect(quoteAt(bed, fails)).rejects.toMatchObject({ message: 'the database is away' });
    expect(await lookupsDuring(failing)).toBe(0);
  });

  it('is not remembered if nobody has the number', async () => {
    const unknown = () => bed.get(QuotedPayees).quoteTo('99999999', DAVE, async (payee) => payee);
    await expect(unknown()).rejects.toMatchObject({ id: 'UserNotFound' });
    const again = () => expect(unknown()).rejects.toMatchObject({ id: 'UserNotFound' });
    expect(await lookupsDuring(again)).toBe(1);
  });

  describe('at another instance', () => {
    let other: TestBed;

    beforeEach(async () => {
      other = await bed.besides({ lookupKeptS: 1 });
    });
    afterEach(() => other.api.close());

    it('is looked up there, and again when the time is over: a change is seen by both', async () => {
      await quoteAt(bed);
      expect(await quoteAt(other)).toMatchObject({ name: 'Alice Ames' });
      rename('Alice Archer');
      await sleep(1_000);
      expect(await quoteAt(other)).toMatchObject({ name: 'Alice Archer' });
    });
  });
});

describe('without time to remember', () => {
  it('every quote looks its payee up', async () => {
    const bed = await TestBed.start({ lookupKeptS: 0 });
    for (const times of [1, 2]) {
      await bed.get(QuotedPayees).quoteTo(ALICE, DAVE, async (payee) => payee);
      expect(bed.peers.callsTo(LOOKUP)).toHaveLength(2 * times);
    }
    await bed.stop();
  });
});
