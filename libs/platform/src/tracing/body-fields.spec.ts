import { describe, expect, it } from '@jest/globals';
import { shownBody } from './body-fields.js';
import { shownPath } from './shown-path.js';

const ID = '6e2d9f40-1b7c-4e35-a8d2-c94f0b53e781';

describe('bodies of spans', () => {
  it('have listed members only, nested ones too', () => {
    const body = {
      paymentId: ID,
      amount: { amount: '10', currency: 'USD' },
      receiveAmount: '10.4 USD',
      fee: '0.25',
      expiresAt: '2030-01-01T00:00:00.000Z',
      state: 'prepared',
      firstName: 'Alice',
      sourceIdentifier: '78956562',
      payee: { name: 'Bob Diaz', account: 'http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob' },
      memo: { note: 'Lunch' },
      fulfillment: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
      password: 'a password',
      token: 'abc',
      list: ['78956562'],
    };
    expect(JSON.parse(shownBody(body))).toEqual({
      paymentId: ID,
      amount: { amount: '10', currency: 'USD' },
      receiveAmount: '10.4 USD',
      fee: '0.25',
      expiresAt: '2030-01-01T00:00:00.000Z',
      state: 'prepared',
      firstName: '…',
      sourceIdentifier: '…',
      payee: { name: '…', account: '…' },
      memo: { note: '…' },
      fulfillment: '…',
      password: '…',
      token: '…',
      list: ['…'],
    });
  });

  it('show no name of a member that may be a number or a text', () => {
    const memo = { '78956562': { amount: '1' }, 'Alice Ames': 2, note: 3 };
    expect(JSON.parse(shownBody({ memo }))).toEqual({ memo: { '…': '…', note: '…' } });
  });

  it('show of an id what cannot be a person, and of a URL its words and UUIDs', () => {
    const ids = [ID, 'InvalidBodyError', 'UserNotFound', 'alice', `http://127.0.0.1:3106/ledger/transfers/${ID}`].map(
      (id) => ({ id }),
    );
    expect(JSON.parse(shownBody(ids))).toEqual([
      { id: ID },
      { id: 'InvalidBodyError' },
      { id: 'UserNotFound' },
      { id: '…' },
      { id: `http://127.0.0.1:3106/ledger/transfers/${ID}` },
    ]);
    expect(JSON.parse(shownBody({ id: 'http://127.0.0.1:3106/ledger/accounts/alice?x=1' }))).toEqual({
      id: 'http://127.0.0.1:3106/ledger/accounts/…',
    });
  });

  it('are read from the bytes of a text', () => {
    expect(shownBody(Buffer.from('{"amount":"1.00","name":"Alice"}'))).toBe('{"amount":"1.00","name":"…"}');
    expect(shownBody(Buffer.from('oCKAIAABAgMEBQYHCAkKCwwNDg8Q'))).toBe('"…"');
  });

  it('show no text that is no JSON, no sentence and no body that is too long', () => {
    expect(shownBody('oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f')).toBe('"…"');
    expect(JSON.parse(shownBody('{"reason":"Alice has no money","id":"NotFoundError"}'))).toEqual({
      reason: '…',
      id: 'NotFoundError',
    });
    const long = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`${'xy'[index % 2]}${'z'.repeat(index)}`, { amount: 'a'.repeat(150) }]),
    );
    expect(shownBody(long)).toBe('"…"');
    expect(JSON.parse(shownBody({ amount: null, a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } }))).toEqual({
      amount: null,
      a: { b: { c: { d: { e: { f: { g: { h: '…' } } } } } } },
    });
    expect(shownBody('['.repeat(50_000) + ']'.repeat(50_000))).toBe(`${'['.repeat(8)}"…"${']'.repeat(8)}`);
  });
});

describe('paths of spans', () => {
  it('have words of routes and UUIDs only', () => {
    expect(shownPath('/v1/receivers/26547070?account=bob')).toBe('/v1/receivers/…');
    expect(shownPath(`/ilp/ledger/v1/transfers/${ID}/fulfillment`)).toBe(`/ilp/ledger/v1/transfers/${ID}/fulfillment`);
    expect(shownPath('/ledger/accounts/alice')).toBe('/ledger/accounts/…');
  });
});
