import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { conditionOf } from './condition.js';
import { fulfillmentPreimage } from './secret.js';

describe('fulfillmentPreimage', () => {
  const secret = Buffer.from('a receiver secret');
  const packet = Buffer.from('011c000000000754d4c00e672e75732e6e657875732e626f620304104100', 'hex');

  it('is the keyed digest of the packet under the derived key', () => {
    const key = createHmac('sha256', secret).update('ilp_psk_condition').digest();
    const expected = createHmac('sha256', key).update(packet).digest();
    expect(fulfillmentPreimage(secret, packet)).toEqual(expected);
    // A constant, so that a change of the derivation cannot go unseen.
    expect(fulfillmentPreimage(secret, packet).toString('hex')).toBe(
      '9a8d525cbc3db4b85307e87b55ce5bee72c477e3d54bd90fad1d8658e8f26920',
    );
  });

  it('has 32 bytes, so its condition costs 32', () => {
    expect(conditionOf(fulfillmentPreimage(secret, packet))).toMatch(/&cost=32$/);
  });

  it('differs with the packet and with the secret', () => {
    const other = Buffer.concat([packet.subarray(0, -1), Buffer.from([1])]);
    expect(fulfillmentPreimage(secret, other)).not.toEqual(fulfillmentPreimage(secret, packet));
    expect(fulfillmentPreimage(Buffer.from('another'), packet)).not.toEqual(fulfillmentPreimage(secret, packet));
  });
});
