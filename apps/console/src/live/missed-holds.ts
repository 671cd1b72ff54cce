import { formatAmount, parseAmount, unitAtScale } from '@level-one/money';

/** An account with its amounts. */
export interface ShownAccount {
  name: string;
  /** With what is on hold: it falls when a hold is executed, and not when it begins. */
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
  /** By the clock of the ledger. */
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
  amount: bigint;
  state: string;
  /** By the clock of the ledger, in ms: compared with each other, and never with the own clock. */
  begun: number;
  /** Infinity if it ended just before the accounts were read. */
  ended: number;
}

/** Amounts of an account in minor units. */
interface Amounts {
  balance: bigint;
  held: bigint;
}

/** Accounts before and now. */
interface Reads {
  before: ReadAccounts;
  now: ReadAccounts;
}

const scaleOf = (amount: string): number => amount.split('.')[1]?.length ?? 0;

function minorOf(amount: string): bigint {
  const unit = { ...unitAtScale(scaleOf(amount)), allowZero: true };
  return amount.startsWith('-') ? -parseAmount(amount.slice(1), unit) : parseAmount(amount, unit);
}

/** The sum of two amounts of one ledger. */
export function plus(one: string, other: string): string {
  return formatAmount(minorOf(one) + minorOf(other), scaleOf(one));
}

function holdOf({ state, debits: [debit] = [], timeline = {} }: HeldTransfer): Hold | undefined {
  const begun = Date.parse(timeline.prepared_at ?? '');
  if (!debit || Number.isNaN(begun)) return undefined;
  const ended = Date.parse(timeline.executed_at ?? timeline.rejected_at ?? '');
  const account = decodeURIComponent(debit.account.split('/').at(-1)!);
  return { account, amount: minorOf(debit.amount), state, begun, ended: Number.isNaN(ended) ? Infinity : ended };
}

function amountsOf({ accounts }: ReadAccounts, name: string): Amounts {
  const { balance, held } = accounts.find((one) => one.name === name) ?? { balance: '0', held: '0' };
  return { balance: minorOf(balance), held: minorOf(held) };
}

/**
 * Holds of one account that began and ended between two reads. The amounts tell: each hold that is still there has raised
 * what is held, each one that was shown and ended has lowered it, and each one that was executed since has lowered the
 * balance. Clocks of ledgers and the own one may differ by any time.
 */
function missedOf(holds: readonly Hold[], { before, now }: Reads): Hold[] {
  const account = holds[0]!.account;
  const [was, is] = [amountsOf(before, account), amountsOf(now, account)];
  let rise = is.held - was.held;
  let fall = was.balance - is.balance;
  const left = holds.filter(({ state, amount }) => {
    const isThere = state === 'prepared' && rise >= amount;
    if (isThere) rise -= amount;
    return !isThere;
  });
  // The earliest ones are most likely to have been shown.
  return left
    .toSorted((a, b) => a.begun - b.begun)
    .filter(({ state, amount }) => {
      const hasMoved = fall >= amount;
      const wasShown = -rise >= amount;
      if (wasShown) rise += amount;
      if (state !== 'rejected' && hasMoved) fall -= amount;
      // What has moved nothing since was over before, or is not over yet.
      return !wasShown && (state === 'rejected' || hasMoved);
    });
}

/**
 * How the balances of a ledger came from those that were shown to those that were read: a payment may begin and end in
 * between, and its hold is then known only from its transfer.
 * @param transfers new ones, read before `now`
 */
export function stepsOf(ledger: string, reads: Reads, transfers: readonly HeldTransfer[]): LedgerStep[] {
  const { before, now } = reads;
  const holds = transfers.flatMap((transfer) => holdOf(transfer) ?? []);
  const missed = [...new Set(holds.map(({ account }) => account))].flatMap((name) =>
    missedOf(
      holds.filter(({ account }) => account === name),
      reads,
    ),
  );
  const times = [...new Set(missed.flatMap(({ begun, ended }) => [begun, ended]))].toSorted((a, b) => a - b);
  const end = times.pop() ?? Infinity;
  const ahead = aheadBy([...times, end], reads);
  const between = times.map((at) => ({ at: at - ahead, ledger, accounts: withHolds(before.accounts, missed, at) }));
  return [...between, { at: Math.min(end - ahead, now.answeredAt), ledger, accounts: [...now.accounts] }];
}

/** How far the clock of a ledger is ahead, at least, in ms: what was missed happened between the two reads. */
function aheadBy(times: readonly number[], { before, now }: Reads): number {
  const known = times.filter((at) => at !== Infinity);
  const late = Math.max(...known) - now.answeredAt;
  if (late > 0) return late;
  return Math.min(0, Math.min(...known) - before.askedAt);
}

/** Accounts with the holds that there were at a time. */
function withHolds(accounts: readonly ShownAccount[], holds: readonly Hold[], at: number): ShownAccount[] {
  const there = holds.filter(({ begun, ended }) => begun <= at && at < ended);
  return accounts.map((account) =>
    there
      .filter((hold) => hold.account === account.name)
      .reduce(
        (sum, { amount }) => ({ ...sum, held: plus(sum.held, formatAmount(amount, scaleOf(sum.held))) }),
        account,
      ),
  );
}
