import { mulDivRound } from '@level-one/money';
import { ChargeKind, type TransferContent } from '@level-one/transfer';
import { ISSUANCE_ACCOUNT } from '../books/books.js';
import { type Charge } from '../schema/charge.entity.js';
import {
  ChargeParty,
  RATE_SCALE,
  RateType,
  SCHEME_FEES_ACCOUNT,
  type SchemeCharge,
} from '../schema/scheme-charge.entity.js';

const WHOLE = 10n ** BigInt(RATE_SCALE);

/** Amount of a charge for a transfer, in minor units, rounded half up; 0 if it does not apply. */
export function schemeChargeFor(amount: bigint, { isActive, minimum, maximum, rateType, rate }: SchemeCharge): bigint {
  if (!isActive || amount < minimum || (maximum !== null && amount > maximum)) return 0n;
  return rateType === RateType.Flat ? rate : mulDivRound(amount, rate, WHOLE, 'half-up');
}

/** Charges of the scheme for a transfer. Issued and taken-back money is free of charge. */
export function schemeChargesOn(
  { debitAccount, creditAccount, amount }: Pick<TransferContent, 'debitAccount' | 'creditAccount' | 'amount'>,
  tariff: readonly SchemeCharge[],
): Charge[] {
  if (tariff.length === 0 || debitAccount === ISSUANCE_ACCOUNT || creditAccount === ISSUANCE_ACCOUNT) return [];
  const accounts: Record<ChargeParty, string> = {
    [ChargeParty.Sender]: debitAccount,
    [ChargeParty.Receiver]: creditAccount,
    [ChargeParty.Ledger]: SCHEME_FEES_ACCOUNT,
  };
  return tariff
    .map((charge) => ({
      debitAccount: accounts[charge.payer],
      creditAccount: accounts[charge.payee],
      amount: schemeChargeFor(amount, charge),
      kind: ChargeKind.Fee,
    }))
    .filter((charge) => charge.amount > 0n && charge.debitAccount !== charge.creditAccount);
}
