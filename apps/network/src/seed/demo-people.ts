import { AccountType } from '@level-one/transfer';
import { demoAmount, type DemoUnit } from './demo-amounts.js';
import type { DfspName } from '../plan/topology.js';

/** One person of the demo network. The ledger account's password is its name. */
export interface DemoPerson {
  number: string;
  account: string;
  dfsp: DfspName;
  firstName: string;
  lastName: string;
  isMerchant: boolean;
  /** Opening balance at scale 2, booked against the ledger's `issuance` account. */
  balance: string;
  /** Further DFSPs that hold a non-primary directory entry for the number. */
  alsoAt?: readonly DfspName[];
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('78956562', 'alice', 'dfsp1', 'Alice', 'Ames', { balance: '1000.00' }),
  person('26547071', 'dave', 'dfsp1', 'Dave', 'Dunn', { isMerchant: true }),
  person('92806391', 'erin', 'dfsp1', 'Erin', 'Eze', { balance: '1000.00' }),
  person('26547070', 'bob', 'dfsp2', 'Bob', 'Diaz', { isMerchant: true }),
  person('78956563', 'carol', 'dfsp2', 'Carol', 'Chen', { balance: '1000.00', alsoAt: ['dfsp1'] }),
  person('30754016', 'frank', 'dfsp2', 'Frank', 'Fall', {}),
];

/** Finds a person by the name of their account. */
export function demoPerson(account: string): DemoPerson {
  return DEMO_PEOPLE.find((one) => one.account === account)!;
}

/** A product of Bob, with the id that examples in Swagger use. */
export const EXAMPLE_INVOICE = {
  invoiceId: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
  account: 'bob',
  merchantIdentifier: '26547070',
  name: 'Bob Diaz',
  amount: '10.40',
  invoiceType: 'product',
  info: 'Lunch',
};

/** Lowest balance of connectors, and of DFSPs on the central ledger (ruling 15). */
export const CONNECTOR_FLOOR = '-1000000.00';

/** A second administrator of each ledger in the demo; the password is the name. */
export const SECOND_ADMIN = 'admin2';

/** Accounts on a DFSP's ledger for fees and commissions. */
export const FEE_ACCOUNTS: Readonly<Record<string, { accountType: AccountType; isInDebt?: boolean }>> = {
  fees: { accountType: AccountType.Fee },
  commission: { accountType: AccountType.Commission, isInDebt: true },
  'agent-commission': { accountType: AccountType.AgentCommission },
};

/** A fee rule of the demo; amounts are written for two decimals. */
interface SeedRule {
  name: string;
  minValue: string;
  payerFeeCredit?: string;
  [member: string]: unknown;
}

const SEED_PAIR = { transferType: 'p2p', payerIdentifier: '92806391', payeeIdentifier: '30754016', priority: 1 };

const SEED_TARIFFS: Readonly<Record<DfspName, readonly SeedRule[]>> = {
  dfsp1: [{ name: 'seed pair payer fee', kind: 'fee', side: 'debit', minValue: '0.25', ...SEED_PAIR }],
  dfsp2: [
    { name: 'seed pair fee', kind: 'fee', side: 'credit', minValue: '1', payerFeeCredit: '0.25', ...SEED_PAIR },
    { name: 'seed pair commission', kind: 'commission', side: 'credit', minValue: '1', ...SEED_PAIR },
  ],
};

/**
 * Fee rules for payments from Erin to Frank, with the amounts of the second seed's samples. All other payments are
 * free.
 */
export function seedTariff(dfsp: DfspName, unit: DemoUnit): SeedRule[] {
  return SEED_TARIFFS[dfsp].map(({ minValue, payerFeeCredit, ...rule }) => ({
    ...rule,
    minValue: demoAmount(minValue, unit),
    ...(payerFeeCredit === undefined ? {} : { payerFeeCredit: demoAmount(payerFeeCredit, unit) }),
  }));
}

function person(
  number: string,
  account: string,
  dfsp: DfspName,
  firstName: string,
  lastName: string,
  more: Partial<DemoPerson>,
): DemoPerson {
  return { number, account, dfsp, firstName, lastName, isMerchant: false, balance: '0.00', ...more };
}
