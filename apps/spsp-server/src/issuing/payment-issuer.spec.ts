import { describe, expect, it } from '@jest/globals';
import {
  decodePacket,
  decodePskData,
  fulfills,
  packetFromText,
  readIpr,
  parseCondition,
  parseFulfillment,
} from '@level-one/ilp';
import { PaymentIssuer } from './payment-issuer.js';
import { receiverSecretOf } from './receiver-secret.js';
import type { SpspServerSettings } from '../spsp-server.settings.js';

const TERMS = {
  paymentId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
  account: 'bob',
  amount: 1_040n,
  senderIdentifier: '78956562',
  memo: 'Lunch',
  expiresAt: new Date('2030-01-01T00:01:00.000Z'),
};

function issuer(conditionFormat: 'ni' | 'cc' = 'ni', secret = '11'.repeat(32)): PaymentIssuer {
  const settings = { ilpPrefix: 'levelone.dfsp2.', conditionFormat, scale: 2, currency: 'USD' } as SpspServerSettings;
  return new PaymentIssuer(settings, receiverSecretOf(secret));
}

describe('issuing a payment', () => {
  it('makes a packet that says where, how much, for which payment and until when', () => {
    const { address, packet } = issuer().issuePayment(TERMS);
    expect(address).toMatch(/^levelone\.dfsp2\.bob\.[A-Za-z0-9_-]{38}$/);
    const decoded = decodePacket(packetFromText(packet));
    expect([decoded.amount, decoded.address]).toEqual([1_040n, address]);
    const psk = decodePskData(decoded.data);
    expect(psk.paymentId).toBe(TERMS.paymentId);
    expect(psk.privateHeaders).toEqual({
      Amount: '10.40',
      Currency: 'USD',
      'Expires-At': '2030-01-01T00:01:00.000Z',
      'Content-Type': 'application/json',
      'Sender-Identifier': '78956562',
    });
    expect(JSON.parse(psk.body.toString())).toBe('Lunch');
  });

  it.each(['ni', 'cc'] as const)('issues conditions as %s, and can fulfil them after a restart', (format) => {
    const { packet, condition } = issuer(format).issuePayment(TERMS);
    expect(condition.startsWith(format)).toBe(true);
    const fulfillment = issuer(format).fulfillmentOf(packet, condition);
    expect(fulfillment).toMatch(format === 'ni' ? /^oCKAI/ : /^cf:0:/);
    expect(fulfills(parseCondition(condition), parseFulfillment(fulfillment))).toBe(true);
    const stranger = issuer(format, '22'.repeat(32)).fulfillmentOf(packet, condition);
    expect(fulfills(parseCondition(condition), parseFulfillment(stranger))).toBe(false);
  });

  it('makes each packet and condition unlike any other', () => {
    const all = Array.from({ length: 50 }, () => issuer().issuePayment(TERMS).condition);
    expect(new Set(all).size).toBe(50);
  });

  it('makes a payment request that says the same', () => {
    const issued = issuer().issuePayment({ ...TERMS, senderIdentifier: null });
    expect(readIpr(issuer().requestOf(issued))).toEqual({
      paymentId: TERMS.paymentId,
      condition: issued.condition,
      packet: issued.packet,
      address: issued.address,
      amount: 1_040n,
      scale: 2,
      currency: 'USD',
      expiresAt: TERMS.expiresAt,
    });
  });

  it('reads the secret as hexadecimal or base64url', () => {
    const bytes = Buffer.from('9f'.repeat(32), 'hex');
    expect(receiverSecretOf(bytes.toString('hex'))).toEqual(bytes);
    expect(receiverSecretOf(bytes.toString('base64url'))).toEqual(bytes);
  });
});
