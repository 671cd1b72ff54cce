import { describe, expect, it } from '@jest/globals';
import {
  conditionOf,
  decodePacket,
  encodePacket,
  formatCondition,
  packetFromText,
  packetToText,
  parseCondition,
} from '@level-one/ilp';
import { settingsOf } from '@level-one/platform';
import {
  type IncomingTransfer,
  readIncomingTransfer,
  refusalOf,
  refusalOfDfsp,
  rejectionOf,
} from './incoming-transfer.js';
import type { IssuedPayment } from '../issuing/store/issued-payment.entity.js';
import { PaymentIssuer } from '../issuing/payment-issuer.js';
import { receiverSecretOf } from '../issuing/receiver-secret.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

const ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';
const NOW = new Date('2030-01-01T00:00:00.000Z');
const EXPIRES_AT = new Date('2030-01-01T00:01:00.000Z');
const SECRET = '00'.repeat(32);

const settings = settingsOf(SpspServerSettings, {
  port: 0,
  dfsp: 'dfsp2',
  rolePassword: 'the-server',
  callers: 'scheme-adapter:the-adapter',
  demoNetwork: true,
  databaseUrl: 'postgres://nowhere/none',
  databaseSchema: 'none',
  spspBackendUrl: 'http://backend.test',
  schemeAdapterUrl: 'http://scheme.test',
  ledgerAdapterUrl: 'http://adapter.test',
  ledgerName: 'admin',
  ledgerPassword: 'admin',
  ilpPrefix: 'levelone.dfsp2.',
  receiverSecret: SECRET,
  centralDirectoryUrl: 'http://directory.test',
  centralDirectoryKey: 'dfsp2',
  centralDirectorySecret: 'dfsp2',
});

function issuedPayment(): IssuedPayment {
  const terms = {
    paymentId: ID,
    account: 'bob',
    amount: 1_040n,
    senderIdentifier: '78956562',
    memo: { text: 'Lunch' },
    expiresAt: EXPIRES_AT,
  };
  const { packet, condition } = new PaymentIssuer(settings, receiverSecretOf(SECRET)).issuePayment(terms);
  return { ...terms, packet, condition } as unknown as IssuedPayment;
}

function transferOf({ packet, condition }: IssuedPayment, changes: Partial<IncomingTransfer> = {}): IncomingTransfer {
  return {
    id: ID,
    creditAccount: 'bob',
    amount: 1_040n,
    packet,
    condition,
    expiresAt: new Date('2030-01-01T00:00:58.000Z'),
    ...changes,
  };
}

function tampered(packet: string, change: Partial<ReturnType<typeof decodePacket>>): string {
  return packetToText(encodePacket({ ...decodePacket(packetFromText(packet)), ...change }));
}

describe('verifying a transfer that arrived (contract 3.8)', () => {
  const issued = issuedPayment();
  const other = issuedPayment();

  it('takes what was issued, in either spelling of the condition and with padding on the packet', () => {
    const cc = formatCondition(parseCondition(issued.condition), 'cc');
    const padded = issued.packet + '='.repeat((4 - (issued.packet.length % 4)) % 4);
    expect(refusalOf(transferOf(issued), issued, NOW)).toBeUndefined();
    expect(refusalOf(transferOf(issued, { condition: cc }), issued, NOW)).toBeUndefined();
    expect(refusalOf(transferOf(issued, { packet: padded }), issued, NOW)).toBeUndefined();
  });

  it.each<[string, string, string, Partial<IncomingTransfer>]>([
    ['a smaller amount', 'F03', 'UnprocessableEntityError', { amount: 1_039n }],
    ['a larger amount', 'F03', 'UnprocessableEntityError', { amount: 1_041n }],
    ['an amount that cannot be read', 'F03', 'UnprocessableEntityError', { amount: undefined }],
    [
      'another amount in the packet',
      'F03',
      'UnprocessableEntityError',
      { packet: tampered(issued.packet, { amount: 1n }) },
    ],
    [
      'other data in the packet',
      'F01',
      'UnprocessableEntityError',
      { packet: tampered(issued.packet, { data: Buffer.from('x') }) },
    ],
    [
      'another address in the packet',
      'F01',
      'UnprocessableEntityError',
      { packet: tampered(issued.packet, { address: 'levelone.dfsp2.eve.x' }) },
    ],
    ['the packet of another payment', 'F01', 'UnprocessableEntityError', { packet: other.packet }],
    ['a packet that is none', 'F01', 'UnprocessableEntityError', { packet: '%' }],
    ['another account', 'F06', 'UnprocessableEntityError', { creditAccount: 'eve' }],
    ['another condition', 'F05', 'UnmetConditionError', { condition: conditionOf(Buffer.alloc(32)) }],
    ['a condition that is none', 'F05', 'UnmetConditionError', { condition: 'ni:' }],
  ])('rejects %s with %s', (_what, code, id, changes) => {
    expect(refusalOf(transferOf(issued, changes), issued, NOW)).toMatchObject({ code, error: { id } });
  });

  it('judges the amount before the packet, and the packet before the condition', () => {
    const packet = tampered(issued.packet, { amount: 1n });
    const condition = conditionOf(Buffer.alloc(32));
    expect(refusalOf(transferOf(issued, { amount: 1n, packet, condition }), issued, NOW)?.code).toBe('F03');
    const otherData = tampered(issued.packet, { data: Buffer.from('x') });
    expect(refusalOf(transferOf(issued, { packet: otherData, condition }), issued, NOW)?.code).toBe('F01');
  });

  it('rejects what nobody set up with F06, and what comes after its time with R00', () => {
    expect(refusalOf(transferOf(issued), null, NOW)).toMatchObject({
      code: 'F06',
      error: { id: 'QuoteNotFoundError' },
    });
    expect(refusalOf(transferOf(issued), issued, EXPIRES_AT)).toMatchObject({
      code: 'R00',
      error: { id: 'ExpiredTransferError' },
    });
    // A mistake is told as such, however late it is.
    expect(refusalOf(transferOf(issued, { amount: 1n }), issued, EXPIRES_AT)?.code).toBe('F03');
  });
});

describe('reading a transfer', () => {
  const resource = {
    id: `http://adapter.test/transfers/${ID}`,
    debits: [{ account: 'http://adapter.test/accounts/c', amount: '10.40', memo: { source_transfer_amount: '10.4' } }],
    credits: [{ account: 'http://adapter.test/accounts/bob%20b', amount: '10.40', memo: { ilp: 'AA' } }],
    execution_condition: 'ni:x',
    expires_at: '2030-01-01T00:00:58.000Z',
  };

  it('takes what matters', () => {
    expect(readIncomingTransfer(ID, resource, 2)).toEqual({
      id: ID,
      creditAccount: 'bob b',
      amount: 1_040n,
      packet: 'AA',
      condition: 'ni:x',
      expiresAt: new Date('2030-01-01T00:00:58.000Z'),
    });
  });

  it.each(['10.40', '10.4', '1040', 1040, 'much', { a: 1 }, null])(
    'F2: takes %p as the note of a connector, which decides nothing',
    (note) => {
      const issued = issuedPayment();
      const part = { account: 'c', amount: '10.40', memo: { source_transfer_amount: note } };
      const credits = [{ account: 'bob', amount: '10.40', memo: { ilp: issued.packet } }];
      const told = { ...resource, debits: [part], credits, execution_condition: issued.condition };
      expect(refusalOf(readIncomingTransfer(ID, told, 2)!, issued, NOW)).toBeUndefined();
    },
  );

  it.each([
    ['no packet', undefined],
    ['a packet that is no text', { ilp: 7 }],
  ])('F1: reads one with %s as one without', (_what, memo) => {
    const credits = [{ account: 'bob', amount: '1.00', memo }];
    expect(readIncomingTransfer(ID, { ...resource, credits }, 2)).toMatchObject({ creditAccount: 'bob', packet: '' });
  });

  it.each([
    ['no condition', { execution_condition: undefined }],
    ['no expiry', { expires_at: null }],
    ['no credit', { credits: [] }],
    ['nothing at all', { debits: undefined, credits: undefined }],
  ])('leaves one with %s alone', (_what, changes) => {
    expect(readIncomingTransfer(ID, { ...resource, ...changes }, 2)).toBeUndefined();
  });
});

describe('the rejection of a transfer', () => {
  it.each([
    ['InvoiceNotPendingError', 'F99'],
    ['QuoteNotFoundError', 'F06'],
    ['QuoteExpiredError', 'R00'],
    ['QuoteMismatchError', 'F06'],
    ['QuoteUsedError', 'F06'],
  ])('for %s has code %s', (id, code) => {
    expect(refusalOfDfsp({ id, message: 'no' }).code).toBe(code);
  });

  it('carries the whole error, unless that is larger than a ledger takes', () => {
    const error = { id: 'LimitExceededError', message: 'Too much', type: 'rule.maxAmount' };
    expect(rejectionOf(refusalOfDfsp(error), 'levelone.dfsp2.bob', NOW)).toEqual({
      code: 'F99',
      name: 'Application Error',
      message: 'Too much',
      triggered_by: 'levelone.dfsp2.bob',
      triggered_at: NOW.toISOString(),
      additional_info: error,
    });
    const huge = rejectionOf(
      refusalOfDfsp({ ...error, message: '€'.repeat(9_000), more: 'x'.repeat(9_000) }),
      'l',
      NOW,
    );
    expect(Buffer.byteLength(JSON.stringify(huge))).toBeLessThanOrEqual(2_048);
    expect(huge.additional_info?.['id']).toBe('LimitExceededError');
    // Half of a character at the end would be refused by the ledger, and the money held until the transfer expires.
    const odd = rejectionOf(refusalOfDfsp({ ...error, message: `a${'\u{1F512}'.repeat(200)}` }), 'l', NOW);
    expect(odd.message).toBe(`a${'\u{1F512}'.repeat(127)}`);
  });
});
