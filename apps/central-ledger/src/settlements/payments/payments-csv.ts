import type { BankAccount } from '@level-one/ledger';
import { stringify } from 'csv-stringify/sync';
import type { PaymentFile } from './settlement-payments.js';

const COLUMNS = [
  'payment_id',
  'window',
  'account',
  'debtor',
  'debtor_account',
  'debtor_bic',
  'creditor',
  'creditor_account',
  'creditor_bic',
  'amount',
  'currency',
];

/** The payments as a CSV file with a header; texts that a spreadsheet would run as formulas are quoted. */
export function paymentsCsvOf({ payments, windowNumber, currency }: PaymentFile): string {
  const rows = payments.map(({ id, account, debtor, creditor, amount }) => [
    id,
    String(windowNumber),
    account,
    ...partyOf(debtor),
    ...partyOf(creditor),
    amount,
    currency,
  ]);
  return stringify([COLUMNS, ...rows], { escape_formulas: true, record_delimiter: 'windows' });
}

function partyOf({ holder, iban, otherId, bic }: BankAccount): string[] {
  return [holder, iban ?? otherId ?? '', bic ?? ''];
}
