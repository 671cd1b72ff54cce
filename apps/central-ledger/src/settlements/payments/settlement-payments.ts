import {
  type BankAccount,
  type LedgerProfile,
  netOf,
  SETTLEMENT_ACCOUNT,
  type WindowPositions,
  WindowState,
} from '@level-one/ledger';
import { currencyDecimals, formatAmount } from '@level-one/money';
import { transferError, TransferErrorCode } from '@level-one/transfer';

/** Largest `Max34Text` of ISO 20022: identification of a bank account that is no IBAN. */
const OTHER_ID_LENGTH_MAX = 34;
/** `ActiveOrHistoricCurrencyAndAmount` of ISO 20022. */
const AMOUNT_DIGITS_MAX = 18;

/** One payment between a DFSP and the scheme's bank account. */
export interface SettlementPayment {
  /** At most 35 characters; the same whenever the file is made. */
  id: string;
  /** Name of the account at the ledger. */
  account: string;
  debtor: BankAccount;
  creditor: BankAccount;
  /** In the currency's smallest unit of ISO 4217, with its decimals. */
  amount: string;
  /** The same in the currency's smallest unit. */
  units: bigint;
}

/** The payments of a closed window. */
export interface PaymentFile {
  /** At most 35 characters; the same whenever the file is made. */
  id: string;
  windowNumber: number;
  closedAt: Date;
  currency: string;
  scheme: BankAccount;
  payments: SettlementPayment[];
}

/**
 * The payments that settle a window, one for each account with a position: to the scheme's bank account or from it.
 * Amounts are rounded down to what a bank can move.
 *
 * @param known bank accounts by ledger account; an account without one is named by its own name.
 * @throws ContractError 422 UnprocessableEntityError for an open window, a name or an amount that is too long.
 */
export function paymentFileOf(
  window: WindowPositions,
  known: ReadonlyMap<string, BankAccount>,
  { currency, scale }: Pick<LedgerProfile, 'currency' | 'scale'>,
): PaymentFile {
  if (window.state === WindowState.Open || !window.closedAt) throw notAllowed('The window is open; close it first');
  const bankAccountOf = (account: string): BankAccount => known.get(account) ?? namedAccount(account);
  const digits = window.id.replaceAll('-', '');
  const scheme = bankAccountOf(SETTLEMENT_ACCOUNT);
  const payments = window.positions.flatMap((position, index) => {
    const net = netOf(position);
    const units = payableUnits(net < 0n ? -net : net, scale, currencyDecimals(currency));
    if (units === 0n) return [];
    const own = bankAccountOf(position.account);
    return {
      id: `${digits.slice(0, 24)}-${index + 1}`,
      account: position.account,
      debtor: net < 0n ? own : scheme,
      creditor: net < 0n ? scheme : own,
      amount: payableAmount(units, currency),
      units,
    };
  });
  return { id: digits, windowNumber: window.number, closedAt: window.closedAt, currency, scheme, payments };
}

/** Minor units of a ledger in the smallest unit of the currency, rounded down. */
function payableUnits(amount: bigint, scale: number, decimals: number): bigint {
  return scale > decimals ? amount / 10n ** BigInt(scale - decimals) : amount * 10n ** BigInt(decimals - scale);
}

/** @throws ContractError 422 UnprocessableEntityError */
export function assertDigits(units: bigint): void {
  if (String(units).length > AMOUNT_DIGITS_MAX) throw notAllowed('An amount has more digits than a payment file takes');
}

function payableAmount(units: bigint, currency: string): string {
  assertDigits(units);
  return formatAmount(units, currencyDecimals(currency));
}

function namedAccount(account: string): BankAccount {
  if (account.length > OTHER_ID_LENGTH_MAX) {
    throw notAllowed(`Account \`${account}\` needs a bank account: PUT /settlement-accounts/{name}`);
  }
  return { account, holder: account, iban: null, otherId: account, bic: null };
}

export function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
