import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { availableOf } from '../api/ledger-steps';
import { useLive } from '../api/live-feed';
import { useNetwork } from '../api/network';
import { type Position, usePositions } from '../api/operator';
import type { AskedPayment, PaymentView } from '../api/payments';
import { addAmounts, formatMoney } from '../ui/money';
import type { Reason, RefusedPayment } from '../ui/refusals-in-words';
import { reasonNameOf } from '../ui/use-reason-words';

/** What a payer was to pay, and from where as far as that is known. */
interface Payer {
  dfsp: string;
  amount: string;
  currency: string;
  /** Absent if it is not known. */
  fee?: string;
  account?: string;
}

/** How much was needed, and how much there is now, where a payment was refused for want of money or by a cap. */
export function useReasonNumbers(
  reason: Reason | undefined,
  payment: RefusedPayment & { views: readonly PaymentView[] },
  refused?: { dfsp: string; asked?: AskedPayment } | null,
): string | undefined {
  const { t } = useTranslation();
  const { data: network } = useNetwork();
  const { ledgers } = useLive();
  const name = reason && reasonNameOf(reason, payment);
  const positions = usePositions(name === 'NetDebitCap');
  const people = network?.participants.flatMap((one) => one.people) ?? [];
  const payer = payerOf(
    payment.views,
    refused,
    (number) => people.find((one) => one.number === number)?.accounts ?? [],
  );
  if (!payer) return undefined;
  if (name === 'NetDebitCap') {
    const position = positions.data?.positions.find(({ account }) => account.split('/').at(-1) === payer.dfsp);
    return position && capInWords(t, payer, position);
  }
  if (name !== 'InsufficientFundsError') return undefined;
  const account = ledgers[payer.dfsp]?.find((one) => one.name === payer.account);
  return fundsInWords(t, payer, account && availableOf(account));
}

function payerOf(
  views: readonly PaymentView[],
  refused: { dfsp: string; asked?: AskedPayment } | null | undefined,
  accountsOf: (number: string) => readonly string[],
): Payer | undefined {
  const view = views.find(({ side }) => side === 'debit');
  if (view) {
    const { dfsp, amount, currency, record } = view;
    return { dfsp, amount, currency, account: record.customer.account, ...(record.fee && { fee: record.fee }) };
  }
  if (!refused?.asked) return undefined;
  const { payer, amount, currency } = refused.asked;
  const accounts = accountsOf(payer);
  return { dfsp: refused.dfsp, amount, currency, ...(accounts.length === 1 && { account: accounts[0] }) };
}

export function fundsInWords(t: TFunction, payer: Payer, available: string | undefined): string {
  const { amount, fee, currency } = payer;
  const needed = t(fee === undefined ? 'outcomes.neededAndFee' : 'outcomes.needed', {
    needed: formatMoney(addAmounts(amount, fee ?? '0'), currency),
  });
  const now =
    available === undefined ? '' : t('outcomes.availableNow', { available: formatMoney(available, currency) });
  return `${needed} ${now} ${t('outcomes.availableThen')}`.replaceAll('  ', ' ');
}

type CapUse = Pick<Position, 'unsettled' | 'held' | 'net_debit_cap'>;

/** Whether the cap that a DFSP has now would let the payment pass. */
export function capInWords(t: TFunction, { dfsp, amount, currency }: Payer, position: CapUse): string {
  const { unsettled, held, net_debit_cap: cap } = position;
  const money = (text: string) => formatMoney(text, currency);
  if (cap === null) return t('outcomes.noCapNow', { dfsp, amount: money(amount) });
  // What came in and is not settled may be sent on.
  const balance = unsettled.startsWith('-') ? cap : addAmounts(cap, unsettled);
  const used = unsettled.startsWith('-') ? addAmounts(unsettled.slice(1), held) : held;
  const left = availableOf({ balance, held: used });
  const values = { dfsp, amount: money(amount), cap: money(cap), left: money(left) };
  return t(Number(left) >= Number(amount) ? 'outcomes.capAllowsNow' : 'outcomes.capRefusesNow', values);
}
