import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { FIVE_BELLS_BASES, FiveBellsClient, FiveBellsLedger, startLedgers } from '../support/five-bells-client.js';
import { ask, TestNetwork } from '../support/test-network.js';

const MEMO_BYTES = 46 * 1024;

/** An object of that many bytes as JSON. */
function memoOf(bytes: number): Record<string, string> {
  return { text: 'x'.repeat(bytes - '{"text":""}'.length) };
}

function nested(levels: number): Record<string, unknown> {
  let memo: Record<string, unknown> = {};
  for (let level = 1; level < levels; level++) memo = { a: memo };
  return memo;
}

const NAMES = [
  '🦊🦊',
  '👩‍👩‍👧‍👦',
  'حساب الادخار',
  'חשבון',
  'e\u0301te\u0301',
  '\u00e9t\u00e9',
  '口座番号',
  '50% off',
  '%41',
  'a/b',
  '../up',
  'what?',
  '#1',
  'a+b & c=d;e,f',
  ' padded ',
  'quote"\\back',
  "it's (so) *!",
  'UPPER and lower',
  'x'.repeat(250),
];

const PLENTIFUL = [
  ['0.01', '0.01'],
  [0.01, '0.01'],
  ['1', '1.00'],
  [1, '1.00'],
  [1e1, '10.00'],
  ['00.10', '0.10'],
  ['1.10', '1.10'],
  ['1.000', '1.00'],
  ['99999999.99', '99999999.99'],
  [99_999_999.99, '99999999.99'],
] as const;

const TOO_FINE_OR_LARGE = [
  '0',
  '0.00',
  0,
  '-1',
  -1,
  '0.001',
  '1.001',
  '100000000.00',
  '100000000',
  '99999999999',
  1e21,
];
const NO_AMOUNTS = ['1e1', ' 1', '1 ', '1.', '.5', '+1', '1,00', '0x10', 'abc', '', '١', 'NaN', null, true, {}, [1]];

describe('Five Bells texts and amounts', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startLedgers();
  });

  afterAll(async () => {
    await network.close();
  });

  describe.each(FIVE_BELLS_BASES)('at the $role', ({ role, dfsp, path }) => {
    let ledger: FiveBellsLedger;
    let rich: string;
    let other: string;

    beforeAll(async () => {
      ledger = new FiveBellsLedger(network.url(role, dfsp, path));
      rich = await ledger.open(`rich-${role}`, '1000000000');
      other = await ledger.open(`other-${role}`);
    });

    /** PUTs a transfer without condition from rich to the other account. */
    function put(debit: Record<string, unknown>, credit: Record<string, unknown> = debit, changes = {}) {
      const id = randomUUID();
      const body = ledger.transfer(id, [rich, other], changes);
      Object.assign(body.debits[0], debit);
      Object.assign(body.credits[0], credit);
      return ledger.put(id, body);
    }

    it.each(NAMES)('an account may be called %p', async (text) => {
      const name = await ledger.open(`${text}~${role}`.slice(-256));
      const uri = ledger.accountUri(name);
      const login = `${name}:${name}`;
      expect(await ask(`GET ${uri}`)).toMatchObject({ status: 200, body: { id: uri, name, ledger: ledger.base } });
      expect(await ask(`GET ${uri}`, { auth: login })).toMatchObject({ status: 200, body: { balance: '100.00' } });
      const listener = await FiveBellsClient.listen(uri, login);
      const id = randomUUID();
      const answer = await ledger.put(id, ledger.transfer(id, [name, other]), login);
      expect(answer).toMatchObject({ status: 201, body: { debits: [{ account: uri }], state: 'executed' } });
      await eventually(() => expect(listener.told(id)).toMatchObject([{ resource: { debits: [{ account: uri }] } }]));
      expect(await ledger.balance(name)).toBe('99.00');
      const bare = randomUUID();
      const body = ledger.transfer(bare, [name, other]);
      body.debits[0].account = name;
      expect(await ledger.put(bare, body, login)).toMatchObject({ status: 201, body: { debits: [{ account: uri }] } });
      listener.close();
    });

    it('two spellings of one letter are two names', async () => {
      const composed = await ledger.open(`\u00fc at ${role}`, '1');
      const decomposed = await ledger.open(`u\u0308 at ${role}`, '2');
      expect([await ledger.balance(composed), await ledger.balance(decomposed)]).toEqual(['1.00', '2.00']);
    });

    it.each([['\u0000'], ['a\nb'], ['x'.repeat(257)], ['.'.repeat(2)]])('no account is called %p', async (name) => {
      const uri = `${ledger.base}/accounts/${encodeURIComponent(name).replaceAll('.', '%2E')}`;
      const answer = await ask(`PUT ${uri}`, { auth: 'admin:admin', body: { name } });
      expect([400, 404]).toContain(answer.status);
      expect(answer.body).toMatchObject({ id: expect.stringMatching(/Error$/), message: expect.any(String) });
    });

    it('keeps memos as they came', async () => {
      const memos: Record<string, unknown>[] = [
        {},
        { text: '👩‍👩‍👧‍👦 e\u0301 \u202eabc\u202c שלום مرحبا', '🔑': null, list: [1, 'two', [], {}, false] },
        { quote: '"\\\u2028\u2029', number: 1e-7, big: 12_345_678_901_234 },
        { id: `${ledger.base}/transfers/1`, account: `${ledger.base}/accounts/x`, ledger: ledger.base },
      ];
      for (const memo of memos) {
        const { status, body } = await put({ memo }, { memo }, { additional_info: memo });
        expect(status).toBe(201);
        const read = await ledger.get(body.id.slice(-36));
        for (const { debits, credits, additional_info: info } of [body, read.body]) {
          expect([debits[0].memo, credits[0].memo, info].map((one) => JSON.stringify(one))).toEqual(
            [memo, memo, memo].map((one) => JSON.stringify(one)),
          );
        }
      }
    });

    it('takes memos up to their limits, and nothing beyond', async () => {
      const tooLarge = { status: 413, body: { id: 'PayloadTooLargeError' } };
      const malformed = { status: 400, body: { id: 'InvalidBodyError' } };
      expect(await put({ memo: memoOf(MEMO_BYTES) })).toMatchObject({ status: 201 });
      expect(await put({ memo: memoOf(MEMO_BYTES + 1) })).toMatchObject(tooLarge);
      expect(await put({}, { memo: memoOf(MEMO_BYTES + 1) })).toMatchObject(tooLarge);
      const emoji = { text: '🦊'.repeat((MEMO_BYTES - '{"text":""}'.length) / 4) };
      expect(await put({ memo: emoji })).toMatchObject({ status: 201, body: { debits: [{ memo: emoji }] } });
      expect(await put({ memo: { text: `${emoji.text}🦊` } })).toMatchObject(tooLarge);
      expect(await put({ memo: nested(300) })).toMatchObject(malformed);
      expect(await put({ memo: memoOf(3_000_000) })).toMatchObject(tooLarge);
      for (const memo of ['text', 7, [], true]) expect(await put({ memo })).toMatchObject(malformed);
      // What every object inherits is refused: some library would take it for its own.
      for (const name of ['constructor', 'toString'])
        expect(await put({ memo: { [name]: 'x' } })).toMatchObject(malformed);
      for (const text of ['\0', '\ud800']) expect([201, 400]).toContain((await put({ memo: { text } })).status);
    });

    it('takes memos as deep as the decisions say: 200 levels, also in frames', async () => {
      const listener = await FiveBellsClient.listen(ledger.accountUri(other), `${other}:${other}`);
      const { status, body } = await put({ memo: nested(200) });
      expect({ status, problem: body.validationErrors?.[0]?.message }).toEqual({ status: 201, problem: undefined });
      expect(body.debits[0].memo).toEqual(nested(200));
      await eventually(() =>
        expect(listener.told(body.id.slice(-36))[0]?.resource.debits[0].memo).toEqual(nested(200)),
      );
      listener.close();
      for (const levels of [201, 251, 400]) {
        expect(await put({ memo: nested(levels) })).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
      }
    });

    it('refuses members of a memo that every object has', async () => {
      for (const memo of ['{"constructor":"x"}', '{"__proto__":{"a":1}}', '{"a":[{"prototype":1}]}']) {
        expect(await put({ memo: JSON.parse(memo) })).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
      }
    });

    it.each(PLENTIFUL)('takes %p as an amount', async (amount, written) => {
      const before = await ledger.balance(other);
      const answer = await put({ amount });
      expect(answer).toMatchObject({
        status: 201,
        body: { debits: [{ amount: written }], credits: [{ amount: written }] },
      });
      const cents = (text: string) => BigInt(text.replace('.', ''));
      expect(cents(await ledger.balance(other)) - cents(before)).toBe(cents(written));
    });

    it('N70: knows what is too small, too fine, too large, and what is no amount', async () => {
      const before = await ledger.balance(other);
      for (const amount of TOO_FINE_OR_LARGE) {
        expect([amount, await put({ amount })]).toMatchObject([
          amount,
          { status: 422, body: { id: 'UnprocessableEntityError' } },
        ]);
      }
      for (const amount of NO_AMOUNTS) {
        expect([amount, await put({ amount })]).toMatchObject([
          amount,
          { status: 400, body: { id: 'InvalidBodyError' } },
        ]);
      }
      const negative = { body: { message: 'Amount must be a positive number excluding zero.' } };
      const fine = { body: { message: 'Amount exceeds allowed precision scale=2 precision=10' } };
      for (const amount of ['0', '-1']) expect(await put({ amount })).toMatchObject(negative);
      for (const amount of ['1.001', '100000000.00']) expect(await put({ amount })).toMatchObject(fine);
      expect(await ledger.balance(other)).toBe(before);
    });
  });
});
