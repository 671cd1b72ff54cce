import { describe, expect, it } from '@jest/globals';
import { checkReceipt, readReceipt } from './receipt-check.js';

const CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
const OTHER = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

describe('a receipt', () => {
  it.each([
    ['a crypto-condition with its fulfillment in DER', CONDITION, FULFILLMENT],
    ['bare bytes', 'sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A', 'hi8Rtk8WiOQkwv5bpeXrSoRj41bPXR8c3hfn5i_6zyQ'],
    ['the old spelling', 'cc:0:3:8ZdpKBDUV-KX_OnFZTsCWB_5mlCFI3DynX5f5H2dN-Y:2', 'cf:0:_v8'],
  ])('is valid if the hash of its fulfillment is its condition: %s', async (_, condition, fulfillment) => {
    expect(await checkReceipt({ condition, fulfillment })).toBe('valid');
  });

  it('is invalid with the fulfillment of another payment', async () => {
    expect(await checkReceipt({ condition: CONDITION, fulfillment: OTHER })).toBe('invalid');
  });

  it.each([
    ['a condition that is none', 'ni:///sha-512;abc', FULFILLMENT],
    ['a fulfillment that is cut off', CONDITION, FULFILLMENT.slice(0, -4)],
    ['a fulfillment that is no base64url', CONDITION, '§'],
  ])('cannot be checked with %s', async (_, condition, fulfillment) => {
    expect(await checkReceipt({ condition, fulfillment })).toBe('unreadable');
  });

  it('is read from its JSON, and from nothing else', () => {
    const receipt = { paymentId: 'p', amount: '10.40', condition: CONDITION, fulfillment: FULFILLMENT };
    expect(readReceipt(JSON.stringify(receipt))).toEqual(receipt);
    expect(readReceipt('{"condition":1}')).toBeUndefined();
    expect(readReceipt('receipt')).toBeUndefined();
  });
});
