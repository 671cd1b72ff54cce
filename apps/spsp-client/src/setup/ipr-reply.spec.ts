import { describe, expect, it } from '@jest/globals';
import { conditionOf, encodePacket, packetToText } from '@level-one/ilp';
import type { IprReplyDto } from '@level-one/peers';
import { readIprReply } from './ipr-reply.js';

const ADDRESS = 'levelone.dfsp2.bob.token';
const PACKET = packetToText(encodePacket({ amount: 1_040n, address: ADDRESS, data: Buffer.from('x') }));
const CONDITION = conditionOf(Buffer.alloc(32));
const EXPIRES_AT = '2030-01-01T00:01:00.000Z';
const LATEST = new Date(EXPIRES_AT);

const REPLY = {
  name: 'Bob Diaz',
  destinationAccount: 'http://dfsp2.test/accounts/bob',
  address: ADDRESS,
  destinationAmount: '10.40',
  expiresAt: EXPIRES_AT,
  additionalHeaders: PACKET,
  condition: CONDITION,
};

describe("the answer of the payee's side", () => {
  const offer = {
    name: 'Bob Diaz',
    destinationAccount: 'http://dfsp2.test/accounts/bob',
    address: ADDRESS,
    amount: 1_040n,
    scale: 2,
    expiresAt: new Date(EXPIRES_AT),
    condition: CONDITION,
    packet: PACKET,
  };

  it('is read in both of its spellings', () => {
    expect(readIprReply(REPLY, 2, LATEST)).toEqual(offer);
    const older = {
      name: REPLY.name,
      destinationAccount: REPLY.destinationAccount,
      amount: '10.4',
      expires_at: EXPIRES_AT,
      additional_headers: PACKET,
      execution_condition: CONDITION,
    };
    expect(readIprReply(older, 2, LATEST)).toEqual(offer);
  });

  it('cannot make the payer hold money for longer than they want to', () => {
    const forEver = { ...REPLY, expiresAt: '2130-01-01T00:00:00.000Z' };
    expect(readIprReply(forEver, 2, LATEST).expiresAt).toEqual(LATEST);
  });

  it.each<[string, Record<string, unknown> | null]>([
    ['nothing', null],
    ['no packet', { ...REPLY, additionalHeaders: undefined }],
    ['a packet that is none', { ...REPLY, additionalHeaders: 'AAAA' }],
    ['a packet that is no text', { ...REPLY, additionalHeaders: {} }],
    ['another amount than in the packet', { ...REPLY, destinationAmount: '10.41' }],
    ['an amount that is none', { ...REPLY, destinationAmount: 'much' }],
    ['another address than in the packet', { ...REPLY, address: 'levelone.dfsp2.eve.token' }],
    ['no expiry', { ...REPLY, expiresAt: undefined }],
    ['no condition', { ...REPLY, condition: undefined }],
    ['a condition that is none', { ...REPLY, condition: 'ni:///sha-256' }],
  ])('with %s is of no use', (_what, reply) => {
    expect(() => readIprReply(reply as Partial<IprReplyDto>, 2, LATEST)).toThrow(
      expect.objectContaining({ status: 502, id: 'ExternalError' }),
    );
  });
});
