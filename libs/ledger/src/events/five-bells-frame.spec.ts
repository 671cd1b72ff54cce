import { describe, expect, it } from '@jest/globals';
import { LedgerUris, proposedTransfer, type Transfer, TransferState } from '@level-one/transfer';
import { transferToJson } from './transfer-json.js';
import { toFiveBellsFrame } from './five-bells-frame.js';

const AT = new Date('2026-11-21T04:00:00.000Z');

function rejected(message: Transfer['rejectionMessage'], creditAccount = 'bob'): Transfer {
  const content = {
    id: '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14',
    debitAccount: 'alice',
    creditAccount,
    amount: 100n,
    debitMemo: null,
    creditMemo: null,
    additionalInfo: null,
    executionCondition: null,
    cancellationCondition: null,
    expiresAt: null,
  };
  return {
    ...proposedTransfer(content, AT),
    state: TransferState.Rejected,
    rejectedAt: AT,
    rejectionReason: 'not today',
    rejectionMessage: message,
  };
}

function frameOf(transfer: Transfer): Record<string, any> {
  return toFiveBellsFrame(transfer, transferToJson(transfer, new LedgerUris('http://ledger'), 2), 'levelone.dfsp2.');
}

describe('a transfer in a notification', () => {
  it('has no null member', () => {
    expect(Object.values(frameOf(rejected({ message: 'not today' })))).not.toContain(null);
  });

  it('is rejected as cancelled, with every member of an ILP error', () => {
    const { rejection_reason: reason, credits } = frameOf(rejected({ message: 'not today' }));
    expect(reason).toBe('cancelled');
    expect(credits[0].rejection_message).toEqual({
      code: 'F99',
      name: 'Application Error',
      message: 'not today',
      triggered_by: 'levelone.dfsp2.bob',
      additional_info: {},
    });
  });

  it('keeps the members that the rejecting party sent', () => {
    const said = { code: 'F06', message: 'no', triggered_by: 'levelone.dfsp2.bob.x', additional_info: { id: 'X' } };
    expect(frameOf(rejected(said)).credits[0].rejection_message).toEqual({ name: 'Application Error', ...said });
  });

  it('names the ledger if the account cannot be part of an address', () => {
    const { credits } = frameOf(rejected({ message: 'no' }, 'Žofie 🦊'));
    expect(credits[0].rejection_message.triggered_by).toBe('levelone.dfsp2');
  });

  it('that has expired is rejected as expired', () => {
    expect(frameOf({ ...rejected(null), rejectionReason: 'expired' })).toMatchObject({ rejection_reason: 'expired' });
  });
});
