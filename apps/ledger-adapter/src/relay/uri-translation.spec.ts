import { describe, expect, it } from '@jest/globals';
import { UriTranslation } from './uri-translation.js';

const A = 'http://adapter:3106/ilp/ledger/v1';
const L = 'http://ledger:3108/ledger';
const uris = new UriTranslation([A, 'http://adapter:3106/ledger'], `${L}/`);

const metadata = (base: string): object => ({
  ledger: base,
  connectors: [{ id: `${base}/accounts/c`, name: 'c', connector: 'levelone.dfsp1.c' }],
  urls: { transfer: `${base}/transfers/:id`, websocket: `${base.replace('http', 'ws')}/websocket` },
});

const subscribe = (base: string): object => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'subscribe_account',
  params: { eventType: '*', accounts: [`${base}/accounts/a`, 'b', 3], resumeFrom: 4 },
});

describe('UriTranslation', () => {
  it('translates the URIs of a transfer, and nothing inside memos', () => {
    const memo = { id: `${L}/transfers/1`, account: `${A}/accounts/alice`, ilp: 'x' };
    const transfer = (base: string): object => ({
      id: `${base}/transfers/1`,
      ledger: base,
      debits: [{ account: `${base}/accounts/alice`, amount: '1.00', memo }],
      credits: [{ account: `${base}/accounts/bob`, amount: '1.00', rejection_message: { id: L } }],
      additional_info: { ledger: L },
    });
    expect(uris.toAdapter(transfer(L))).toEqual(transfer(A));
    expect(uris.toLedger(transfer(A))).toEqual(transfer(L));
  });

  it('accepts the URIs of each of its own bases', () => {
    expect(uris.toLedger({ account: 'http://adapter:3106/ledger/accounts/alice' })).toEqual({
      account: `${L}/accounts/alice`,
    });
  });

  it('does not change names, foreign URIs and texts that begin alike', () => {
    const body = { id: 'b9c4ceba', account: 'alice', ledger: `${L}er`, from: 'http://elsewhere/accounts/x', to: 7 };
    expect(uris.toAdapter(body)).toEqual(body);
  });

  it('translates metadata, websocket URL included', () => {
    expect(uris.toAdapter(metadata(L))).toEqual(metadata(A));
  });

  it('translates messages except their data, and lists', () => {
    const message = (base: string): object => ({
      ledger: base,
      from: `${base}/accounts/a`,
      to: `${base}/accounts/b`,
      data: { id: `${L}/accounts/a` },
    });
    expect(uris.toAdapter([message(L)])).toEqual([message(A)]);
  });

  it('translates frames in both directions', () => {
    expect(uris.frameToLedger(subscribe(A))).toEqual(subscribe(L));
    const notify = (base: string): object => ({
      jsonrpc: '2.0',
      id: null,
      method: 'notify',
      params: { event: 'transfer.create', id: L, resource: { id: `${base}/transfers/1` } },
    });
    expect(uris.frameToAdapter(notify(L))).toEqual(notify(A));
    expect(uris.frameToLedger([1])).toEqual([1]);
    expect(uris.frameToAdapter({ jsonrpc: '2.0', id: null, method: 'connect' })).toEqual({
      jsonrpc: '2.0',
      id: null,
      method: 'connect',
    });
  });
});
