import { openTestLedger, type TestLedger } from '@level-one/testing';
import { AccountType } from '@level-one/transfer';

export const NOT_ALLOWED = { id: 'UnprocessableEntityError', status: 422 };
export const FORBIDDEN = { id: 'UnauthorizedError', status: 403 };

/**
 * Opens a ledger with the accounts of the house, each with 10.00, a connector that may go below zero, alice, who uses
 * her account directly, and kim, a customer of the DFSP who does not.
 */
export async function openHouseLedger(): Promise<TestLedger> {
  const test = await openTestLedger();
  await Promise.all([
    test.open({ name: 'admin', accountType: AccountType.Role, balance: 1_000n }),
    test.open({ name: 'fees', accountType: AccountType.Fee, balance: 1_000n }),
    test.open({ name: 'commission', accountType: AccountType.Commission, balance: 1_000n }),
    test.open({ name: 'agent-commission', accountType: AccountType.AgentCommission, balance: 1_000n }),
    test.open({ name: 'scheme', accountType: AccountType.Settlement, balance: 1_000n }),
    test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n }),
    test.open({ name: 'kim', accountType: AccountType.MobileWallet, balance: 1_000n }),
  ]);
  return test;
}
