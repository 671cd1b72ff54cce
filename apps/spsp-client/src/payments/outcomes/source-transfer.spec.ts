import { describe, expect, it } from '@jest/globals';
import type { WireTransfer } from '@level-one/peers';
import { endOfRefused, endOfRejected, isForwarded, isSameTransfer, updateHop } from './source-transfer.js';

const BASE = 'http://adapter.test/ledger';
const TRANSFER: WireTransfer = {
  id: `${BASE}/transfers/1`,
  debits: [{ account: `${BASE}/accounts/alice`, amount: '10.40', authorized: true }],
  credits: [{ account: `${BASE}/accounts/connector`, amount: '10.40', memo: { ilp: 'AA' } }],
  execution_condition: 'ni:x',
};
const credit = TRANSFER.credits[0]!;

describe('T1', () => {
  it('is recognised in what the ledger tells', () => {
    const told = { ...TRANSFER, debits: [{ account: 'alice', amount: '10.4' }], state: 'executed' as const };
    expect(isSameTransfer(TRANSFER, told)).toBe(true);
  });

  it.each<[string, Partial<WireTransfer>]>([
    ['payer', { debits: [{ account: 'dave', amount: '10.40' }] }],
    ['payee', { credits: [{ account: 'dave', amount: '10.40' }] }],
    ['amount', { credits: [{ ...credit, amount: '10.41' }] }],
    ['condition', { execution_condition: 'ni:y' }],
    ['debits at all', { debits: [] }],
  ])('is not one with another %s', (_what, changes) => {
    expect(isSameTransfer(TRANSFER, { ...TRANSFER, ...changes })).toBe(false);
  });

  it('is not one that a connector forwarded', () => {
    const debits = [{ ...TRANSFER.debits[0]!, memo: { source_transfer_amount: '10.40' } }];
    expect([isForwarded(TRANSFER), isForwarded({ ...TRANSFER, debits })]).toEqual([false, true]);
    expect(isForwarded({} as WireTransfer)).toBe(false);
  });

  it('when rejected passes the reason on as it is (R4)', () => {
    const reason = { code: 'F99', message: 'no', additional_info: { id: 'InvoiceNotPendingError', params: [1] } };
    const rejected = { ...TRANSFER, state: 'rejected' as const, rejection_reason: 'no' };
    expect(endOfRejected({ ...rejected, credits: [{ ...credit, rejection_message: reason }] })).toEqual({
      status: 'rejected',
      rejectionMessage: reason,
    });
    expect(endOfRejected(rejected)).toEqual({ status: 'rejected', rejectionMessage: { message: 'no' } });
    expect(endOfRejected({ ...rejected, rejection_reason: 'expired' })).toEqual({ status: 'expired' });
  });

  it('when refused gives the reason in the form of a rejection', () => {
    const body = { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.', owner: 'alice' };
    expect(endOfRefused({ status: 422, body }, BASE, new Date(0))).toEqual({
      status: 'rejected',
      refusal: { status: 422, body },
      rejectionMessage: {
        code: 'F99',
        name: 'Application Error',
        message: body.message,
        triggered_by: BASE,
        triggered_at: '1970-01-01T00:00:00.000Z',
        additional_info: { id: body.id, message: body.message },
      },
    });
  });

  it.each<[Partial<WireTransfer>, string | undefined]>([
    [{ state: 'executed' }, 'V.H'],
    [{ state: 'rejected', rejection_reason: 'no' }, 'R4'],
    [{ state: 'rejected', rejection_reason: 'expired' }, 'R5'],
    [{ state: 'proposed' }, undefined],
  ])('updated to %j is hop %s', (changes, hop) => {
    expect(updateHop({ ...TRANSFER, ...changes })).toBe(hop);
  });
});
