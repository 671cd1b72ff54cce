import { describe, expect, it } from '@jest/globals';
import type { LedgerClient, WireTransfer } from '@level-one/peers';
import { SpspClientPaymentOutcomes } from './payment-outcomes.js';
import type { Payment } from '../store/payment.entity.js';

const SENT: WireTransfer = {
  id: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
  debits: [{ account: 'alice', amount: '10.40' }],
  credits: [{ account: 'connector', amount: '10.40' }],
  execution_condition: 'ni:x',
};

function known(transfer: WireTransfer): Promise<WireTransfer | undefined> {
  const ledger = { transfer: async () => transfer } as unknown as LedgerClient;
  const outcomes = new SpspClientPaymentOutcomes(undefined as never, ledger, undefined as never, undefined as never);
  return outcomes.transferOf({ id: SENT.id, transfer: SENT } as Payment);
}

describe('T1 of a payment', () => {
  it('is what the ledger has under its id', async () => {
    expect(await known({ ...SENT, state: 'prepared' })).toMatchObject({ state: 'prepared' });
  });

  it('is not what somebody else put there: the payment would wait for it for ever', async () => {
    expect(await known({ ...SENT, debits: [{ account: 'mallory', amount: '10.40' }], state: 'proposed' })).toBe(
      undefined,
    );
  });
});
