import { describe, expect, it } from '@jest/globals';
import { conditionOf, encodePacket, encodePskData, packetToText, readIpr } from '@level-one/ilp';
import type { SpspServerSettings } from '../spsp-server.settings.js';
import { PaymentIssuer } from './payment-issuer.js';
import { PaymentRequests, type RequestTerms } from './payment-requests.js';
import { receiverSecretOf } from './receiver-secret.js';

const HOUR_MS = 60 * 60_000;
const TERMS: RequestTerms = {
  paymentId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
  account: 'bob',
  amount: 1_040n,
  senderIdentifier: '78956562',
  memo: { payer: { identifier: '78956562', identifierType: 'eur' }, currency: 'USD' },
  expiresAt: new Date(Date.now() + HOUR_MS),
};

function requestsOf(secret = '11'.repeat(32), conditionFormat: 'ni' | 'cc' = 'ni'): PaymentRequests {
  const settings = { ilpPrefix: 'levelone.dfsp2.', conditionFormat, scale: 2, currency: 'USD' } as SpspServerSettings;
  return new PaymentRequests(new PaymentIssuer(settings, receiverSecretOf(secret)));
}

describe('payment requests', () => {
  it('have the same bytes for the same terms at each instance, and other ones for any other terms', () => {
    const { ipr } = requestsOf().issue(TERMS);
    expect(requestsOf().issue(TERMS).ipr).toBe(ipr);
    const others = [
      { paymentId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98b0' },
      { account: 'eve' },
      { amount: 1_041n },
      { expiresAt: new Date(TERMS.expiresAt.getTime() + 1) },
      { memo: null },
    ];
    const bytes = others.map((change) => requestsOf().issue({ ...TERMS, ...change }).ipr);
    expect(new Set([ipr, ...bytes, requestsOf('22'.repeat(32)).issue(TERMS).ipr]).size).toBe(7);
    // Neither address nor condition of one tells anything of another.
    const [mine, theirs] = [ipr!, bytes[2]!].map(readIpr);
    expect([mine!.address, mine!.condition]).not.toEqual([theirs!.address, theirs!.condition]);
    expect(mine!.address).not.toBe(theirs!.address);
  });

  it.each(['ni', 'cc'] as const)('are known again by packet and condition (%s), whatever was kept', (format) => {
    const issued = requestsOf(undefined, format).issue(TERMS);
    const { packet, condition } = issued;
    expect(requestsOf(undefined, format).restore({ packet, condition })).toEqual(issued);
  });

  it('are known again without details', () => {
    const issued = requestsOf().issue({ ...TERMS, memo: null });
    expect(requestsOf().restore(issued)).toEqual(issued);
  });

  it('have the same bytes whatever the order of their details', () => {
    const { payer, currency } = TERMS.memo as {
      payer: { identifier: string; identifierType: string };
      currency: string;
    };
    const { identifier, identifierType } = payer;
    const turned = { currency, payer: { identifierType, identifier } } as RequestTerms['memo'];
    expect(requestsOf().issue({ ...TERMS, memo: turned }).ipr).toBe(requestsOf().issue(TERMS).ipr);
  });

  it('are not taken for known where somebody else made packet or condition', () => {
    const { packet, condition, ipr } = requestsOf().issue(TERMS);
    const { address } = readIpr(ipr!);
    const data = encodePskData({
      paymentId: TERMS.paymentId,
      nonce: Buffer.alloc(16),
      privateHeaders: { 'Expires-At': TERMS.expiresAt.toISOString() },
      body: 'null',
    });
    const forged = packetToText(encodePacket({ amount: 9n, address, data }));
    const strange = requestsOf('22'.repeat(32)).issue(TERMS);
    const never = [
      { packet: forged, condition },
      { packet, condition: conditionOf(Buffer.alloc(32, 7)) },
      { packet: strange.packet, condition: strange.condition },
      { packet, condition: 'no condition' },
      { packet: 'AQ', condition },
      { packet: '', condition },
    ];
    expect(never.map((transfer) => requestsOf().restore(transfer))).toEqual(never.map(() => undefined));
  });

  it('are forgotten an hour after their expiry, or when they are told to be', () => {
    const ago = (ms: number) => requestsOf().issue({ ...TERMS, expiresAt: new Date(Date.now() - ms) });
    expect(requestsOf().restore(ago(HOUR_MS - 60_000))).toMatchObject({ paymentId: TERMS.paymentId });
    expect(requestsOf().restore(ago(HOUR_MS + 1_000))).toBeUndefined();
    expect(requestsOf().restore(ago(2 * HOUR_MS), 3 * HOUR_MS)).toMatchObject({ paymentId: TERMS.paymentId });
  });
});
