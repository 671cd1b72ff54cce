import { formatAmount, parseAmount, unitAtScale } from '@level-one/money';

/** An account with its amounts, as a ledger tells them. */
export interface ShownAccount {
  name: string;
  balance: string;
  held: string;
}

/** Accounts of a ledger, as they were at a moment between the question and the answer, in Unix time in ms. */
export interface ReadAccounts {
  accounts: readonly ShownAccount[];
  askedAt: number;
  answeredAt: number;
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
  begun: number;
  /** When `now` was read, of a hold whose end is not known. */
  ended: number;
}

const unitOf = (amount: string) => ({ ...unitAtScale(amount.split('.')[1]?.length ?? 0), allowZero: true });

function plus(one: string, other: string): string {
  const unit = unitOf(one);
  return formatAmount(parseAmount(one, unit) + parseAmount(other, unit), unit.scale);
}

function holdOf({ debits: [debit] = [], timeline = {} }: HeldTransfer, readAt: number): Hold | undefined {
  const begun = Date.parse(timeline.prepared_at ?? '');
  if (!debit || Number.isNaN(begun)) return undefined;
  const ended = Date.parse(timeline.executed_at ?? timeline.rejected_at ?? '');
  const account = decodeURIComponent(debit.account.split('/').at(-1)!);
  return { account, amount: debit.amount, begun, ended: Number.isNaN(ended) ? readAt : ended };
}

/** Whether accounts hold so much that a hold can be in it. */
function canHave({ accounts }: ReadAccounts, { account, amount }: Hold): boolean {
  const held = accounts.find(({ name }) => name === account)?.held ?? '0';
  return parseAmount(held, unitOf(held)) >= parseAmount(amount, unitOf(held));
}

/** Whether a hold was in accounts that are shown already, or was over by then. It is not shown twice. */
function wasShown(hold: Hold, before: ReadAccounts): boolean {
  return hold.begun <= before.askedAt || (hold.begun <= before.answeredAt && canHave(before, hold));
}

/**
 * How the balances of a ledger came from those that were shown to those that were read: a payment may begin and end in
 * between, and its hold is then known only from its transfer.
 * @param transfers new ones, read before `now`
 */
export function stepsOf(
  ledger: string,
  { before, now }: { before: ReadAccounts; now: ReadAccounts },
  transfers: readonly HeldTransfer[],
): LedgerStep[] {
  const missed = transfers.flatMap((transfer) => {
    const hold = holdOf(transfer, now.answeredAt);
    const isSeen =
      hold === undefined || wasShown(hold, before) || (transfer.state === 'prepared' && canHave(now, hold));
    return isSeen ? [] : [hold];
  });
  const accounts = [...now.accounts];
  if (missed.length === 0) return [{ at: now.answeredAt, ledger, accounts }];
  const end = Math.max(...missed.map(({ ended }) => ended));
  const times = new Set(missed.flatMap(({ begun, ended }) => [begun, ended]).filter((at) => at < end));
  const between = [...times]
    .toSorted((a, b) => a - b)
    .map((at) => ({ at, ledger, accounts: withHolds(before.accounts, missed, at) }));
  return [...between, { at: end, ledger, accounts }];
}

/** Accounts with the holds that there were at a time. */
function withHolds(accounts: readonly ShownAccount[], holds: readonly Hold[], at: number): ShownAccount[] {
  const there = holds.filter(({ begun, ended }) => begun <= at && at < ended);
  return accounts.map((account) =>
    there
      .filter((hold) => hold.account === account.name)
      .reduce((sum, { amount }) => ({ ...sum, held: plus(sum.held, amount) }), account),
  );
}
