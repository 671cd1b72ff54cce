import { formatAmount, parseAmount, unitAtScale } from '@level-one/money';

/** An account with its amounts, as a ledger tells them. */
export interface ShownAccount {
  name: string;
  balance: string;
  held: string;
}

/** A transfer, as far as its hold can be told from it. */
export interface HeldTransfer {
  state: string;
  debits?: { account: string; amount: string }[];
  timeline?: { prepared_at?: string; executed_at?: string; rejected_at?: string };
}

/** Balances of a ledger, and when they became so, in Unix time in ms. */
export interface LedgerStep {
  at: number;
  ledger: string;
  accounts: ShownAccount[];
}

interface Hold {
  account: string;
  amount: string;
}

const unitOf = (amount: string) => ({ ...unitAtScale(amount.split('.')[1]?.length ?? 0), allowZero: true });

function plus(one: string, other: string): string {
  const unit = unitOf(one);
  return formatAmount(parseAmount(one, unit) + parseAmount(other, unit), unit.scale);
}

function holdOf({ debits: [debit] = [] }: HeldTransfer): Hold | undefined {
  return debit && { account: decodeURIComponent(debit.account.split('/').at(-1)!), amount: debit.amount };
}

/** Whether a hold is in balances that were read after the transfer. */
function isSeen({ state }: HeldTransfer, { account, amount }: Hold, now: readonly ShownAccount[]): boolean {
  const held = now.find(({ name }) => name === account)?.held ?? '0';
  return state === 'prepared' && parseAmount(held, unitOf(held)) >= parseAmount(amount, unitOf(held));
}

/**
 * How the balances of a ledger came from those that were shown to those that were read: a payment may begin and end in
 * between, and its hold is then known only from its transfer.
 * @param transfers new ones, read before `now`
 */
export function stepsOf(
  ledger: string,
  { before, now, readAt }: { before: readonly ShownAccount[]; now: readonly ShownAccount[]; readAt: number },
  transfers: readonly HeldTransfer[],
): LedgerStep[] {
  const missed = transfers.flatMap((transfer) => {
    const hold = holdOf(transfer);
    const begun = Date.parse(transfer.timeline?.prepared_at ?? '');
    return hold === undefined || Number.isNaN(begun) || isSeen(transfer, hold, now) ? [] : [{ transfer, hold, begun }];
  });
  if (missed.length === 0) return [{ at: readAt, ledger, accounts: [...now] }];
  const held = before.map((account) =>
    missed
      .filter(({ hold }) => hold.account === account.name)
      .reduce((sum, { hold }) => ({ ...sum, held: plus(sum.held, hold.amount) }), account),
  );
  const ends = missed.map(({ transfer: { timeline } }) =>
    Date.parse(timeline?.executed_at ?? timeline?.rejected_at ?? ''),
  );
  const end = Math.max(...ends);
  return [
    { at: Math.min(...missed.map(({ begun }) => begun)), ledger, accounts: held },
    { at: Number.isNaN(end) ? readAt : end, ledger, accounts: [...now] },
  ];
}
