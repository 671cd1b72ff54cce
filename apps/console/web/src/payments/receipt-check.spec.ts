import { describe, expect, it } from '@jest/globals';
import { checkReceipt, readReceipt } from './receipt-check.js';

const CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const FULFILMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
const OTHER = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

describe('a receipt', () => {
  it.each([
    ['a crypto-condition with its fulfilment in DER', CONDITION, FULFILMENT],
    ['bare bytes', 'sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A', 'hi8Rtk8WiOQkwv5bpeXrSoRj41bPXR8c3hfn5i_6zyQ'],
    ['the old spelling', 'cc:0:3:8ZdpKBDUV-KX_OnFZTsCWB_5mlCFI3DynX5f5H2dN-Y:2', 'cf:0:_v8'],
  ])('is valid if the hash of its fulfilment is its condition: %s', async (_, condition, fulfilment) => {
    expect(await checkReceipt({ condition, fulfilment })).toBe('valid');
  });

  it('is invalid with the fulfilment of another payment', async () => {
    expect(await checkReceipt({ condition: CONDITION, fulfilment: OTHER })).toBe('invalid');
  });

  it.each([
    ['a condition that is none', 'ni:///sha-512;abc', FULFILMENT],
    ['a fulfilment that is cut off', CONDITION, FULFILMENT.slice(0, -4)],
    ['a fulfilment that is no base64url', CONDITION, '§'],
  ])('cannot be checked with %s', async (_, condition, fulfilment) => {
    expect(await checkReceipt({ condition, fulfilment })).toBe('unreadable');
  });

  it('is read from its JSON, and from nothing else', () => {
    const receipt = { paymentId: 'p', terms: { amount: '10.40' }, condition: CONDITION, fulfilment: FULFILMENT };
    expect(readReceipt(JSON.stringify(receipt))).toEqual(receipt);
    expect(readReceipt('{"condition":1}')).toBeUndefined();
    expect(readReceipt('receipt')).toBeUndefined();
  });
});
