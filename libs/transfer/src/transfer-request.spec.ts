import { describe, expect, it } from '@jest/globals';
import { isSameContent } from './same-content.js';
import { LedgerUris } from './ledger-uris.js';
import { MEMO_BYTES_MAX, parseTransferId, parseTransferRequest } from './transfer-request.js';

const BASE = 'http://ledger.example/ledger';
const LEDGER = { uris: new LedgerUris(BASE), currency: 'USD', scale: 2, precision: 10 };
const ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';
const CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const SAME_CONDITION = 'cc:0:3:sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A:32';

function body(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `${BASE}/transfers/${ID}`,
    ledger: BASE,
    debits: [{ account: `${BASE}/accounts/alice`, amount: '10.40', authorized: true, memo: {} }],
    credits: [{ account: `${BASE}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet' } }],
    execution_condition: CONDITION,
    expires_at: '2030-01-01T00:00:00.000Z',
    ...change,
  };
}

function debit(change: Record<string, unknown>): Record<string, unknown> {
  return body({ debits: [{ account: 'alice', amount: '10.40', ...change }] });
}

function refusal(given: unknown): unknown {
  try {
    parseTransferRequest(ID, given, LEDGER);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('a transfer request', () => {
  it('is parsed into names and minor units', () => {
    expect(parseTransferRequest(ID, body({ state: 'executed', timeline: {} }), LEDGER)).toEqual({
      content: {
        id: ID,
        debitAccount: 'alice',
        creditAccount: 'bob',
        amount: 1_040n,
        debitMemo: {},
        creditMemo: { ilp: 'packet' },
        additionalInfo: null,
        executionCondition: CONDITION,
        cancellationCondition: null,
        expiresAt: new Date('2030-01-01T00:00:00.000Z'),
      },
      authorized: true,
      rejection: null,
    });
  });

  it('may have the flat form of older DFSP ledgers (row 27)', () => {
    const flat = {
      uuid: ID,
      debitAccount: 'alice',
      debitMemo: {},
      creditAccount: `${BASE}/accounts/bob`,
      creditMemo: { ilp: 'packet' },
      amount: 10.4,
      executionCondition: SAME_CONDITION,
      authorized: true,
      expiresAt: '2030-01-01T01:00:00+01:00',
    };
    const read = parseTransferRequest(ID, flat, LEDGER);
    expect(isSameContent(read.content, parseTransferRequest(ID, body(), LEDGER).content)).toBe(true);
    expect(read.authorized).toBe(true);
  });

  it.each([
    ['no object, but a text', 'Not a valid request'],
    ['an array', []],
    ['no debits', body({ debits: undefined })],
    ['no credits', body({ credits: [] })],
    ['another id', body({ id: '00000000-0000-0000-0000-000000000000' })],
    ['another ledger', body({ ledger: 'http://other.example' })],
    ['a type', body({ type: 'transfer' })],
    ['no account', debit({ account: undefined })],
    ['an amount that is not a number', debit({ amount: 'abc' })],
    ['no amount', debit({ amount: undefined })],
    ['a memo that is not an object', debit({ memo: 'text' })],
    ['an authorization that is not a boolean', debit({ authorized: 'true' })],
    ['a malformed condition', body({ execution_condition: 'ni:///sha-256;short' })],
    ['a time without zone', body({ expires_at: '2030-01-01T00:00:00' })],
    ['an invalid date', body({ expires_at: '2030-13-01T00:00:00Z' })],
    ['a memo nested without end', debit({ memo: JSON.parse('{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000)) })],
  ])('with %s is of the wrong form: 400', (_, given) => {
    expect(refusal(given)).toMatchObject({ status: 400, id: 'InvalidBodyError' });
  });

  it.each([
    ['zero', debit({ amount: '0' }), 'Amount must be a positive number excluding zero.'],
    ['a negative amount', debit({ amount: '-1' }), 'Amount must be a positive number excluding zero.'],
    ['too many decimals', debit({ amount: '1.001' }), 'Amount exceeds allowed precision scale=2 precision=10'],
    ['too many digits', debit({ amount: '123456789.00' }), 'Amount exceeds allowed precision scale=2 precision=10'],
    ['field A: another currency', body({ currency: 'EUR' }), 'currency must be USD'],
    ['field A: another scale of a debit', debit({ scale: 4 }), 'scale must be 2'],
    ['unequal sides', debit({ amount: '1.00' }), 'Total credits must equal total debits'],
    ['two debits', body({ debits: [debit({})['debits'], debit({})['debits']].flat() }), /More than one debit/],
    ['an account elsewhere', debit({ account: 'http://other.example/accounts/alice' }), /does not exist/],
    ['a condition without expiry', body({ expires_at: undefined }), /expires_at is required/],
  ])('with %s is not allowed: 422', (_, given, message) => {
    expect(refusal(given)).toMatchObject({ status: 422, id: 'UnprocessableEntityError' });
    expect((refusal(given) as Error).message).toMatch(message);
  });

  it('with a condition of another type is 422, with a large memo 413', () => {
    const sha512 = CONDITION.replace('sha-256;', 'sha-512;');
    expect(refusal(body({ execution_condition: sha512 }))).toMatchObject({ id: 'UnsupportedCryptoConditionError' });
    expect(refusal(debit({ memo: { text: 'x'.repeat(MEMO_BYTES_MAX) } }))).toMatchObject({ status: 413 });
  });

  it('accepts any Unicode as a name, and returns it in its URI', () => {
    const name = 'Žofie 🦊/50% #1';
    const { content } = parseTransferRequest(ID, debit({ account: LEDGER.uris.account(name) }), LEDGER);
    expect(content.debitAccount).toBe(name);
    expect(LEDGER.uris.accountName(LEDGER.uris.account(name))).toBe(name);
    for (const bad of ['', '.', '..', 'a\0b', '\ud800', 'x'.repeat(257)]) {
      expect(LEDGER.uris.accountName(bad)).toBeUndefined();
    }
  });
});

describe('an id', () => {
  it('is a UUID in lower case', () => {
    expect(parseTransferId(ID.toUpperCase())).toBe(ID);
    expect(() => parseTransferId('123')).toThrow('id is not a valid Uuid');
  });
});
