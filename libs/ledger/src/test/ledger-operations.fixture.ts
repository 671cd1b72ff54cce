import fc from 'fast-check';
import type { Content, ModelCharge } from './ledger-model.fixture.js';
import type { AccountOperation, FundsOperation, Operation } from './ledger-rules.fixture.js';

/** Few accounts, so that operations meet. `erin` is opened by operations only, `nobody` never. */
export const OPENED = ['alice', 'bob', 'connector', 'fees', 'commission'] as const;
const PARTIES = ['alice', 'bob', 'connector'] as const;
const HOT = fc.constantFrom(...PARTIES, ...PARTIES, ...PARTIES, 'erin');
/** Parties of transfers; sometimes accounts of the DFSP itself. */
const NAMED = often(15, HOT, fc.constantFrom('fees', 'commission'));
const TRANSFERS = 12;
const MOVEMENTS = 5;
/** Milliseconds. Times and waits are multiples of it, so that transfers often expire exactly at the present moment. */
export const TICK = 10;

/** An operation that refers to its transfer by index. */
export type Intent =
  | AccountOperation
  | FundsOperation
  | { kind: 'put'; at: number; conflict: Partial<Content>; authorized: boolean; rejection: string | null; by: string }
  | { kind: 'fulfil'; at: number; fulfillment: string; by: string }
  | { kind: 'reject'; at: number; reason: string; by: string }
  | { kind: 'charges'; at: number; conflict: readonly ModelCharge[] | null };

/** Content of a transfer and its charges; some requests conflict with it. */
export interface Template {
  content: Content;
  charges: readonly ModelCharge[];
}

const AT = fc.nat(TRANSFERS - 1);
const REASONS = fc.constantFrom('not today', 'expired', 'cancelled');
const AMOUNTS = fc.bigInt(1n, 10n);
const SPELLINGS = ['ni', 'cc'] as const;

export const PUTS: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('put'),
  at: AT,
  conflict: often(
    7,
    fc.constantFrom({}, {}, {}, { lock: 'execution/ni' }, { lock: 'execution/cc' }),
    fc.oneof(
      fc.record({ amount: AMOUNTS }),
      fc.record({ to: NAMED }),
      fc.record({ from: NAMED }),
      fc.constantFrom({ expiresAt: 1_000 }, { lock: 'other/ni' }, { cancelLock: 'other/cc' }, { memo: 'another' }),
    ),
  ),
  authorized: often(4, fc.constant(true), fc.constant(false)),
  rejection: often(12, fc.constant(null), REASONS),
  by: often(3, fc.constantFrom('from', 'from', 'admin'), fc.constantFrom('to', 'stranger', 'authorizer', 'rejecter')),
});

const FULFILS: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('fulfil'),
  at: AT,
  fulfillment: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('execution/ni', 'execution/cc') },
    { weight: 2, arbitrary: fc.constantFrom('cancellation/ni', 'cancellation/cc') },
    { weight: 2, arbitrary: fc.constantFrom('other/ni', 'other/cc', 'garbage', 'unsupported') },
  ),
  by: fc.constantFrom('to', 'to', 'from', 'fulfiller', 'fulfiller', 'admin', 'stranger'),
});

const REJECTS: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('reject'),
  at: AT,
  reason: REASONS,
  by: fc.constantFrom('to', 'to', 'to', 'from', 'admin', 'rejecter', 'authorizer'),
});

const CUSTOMERS = fc.constantFrom('alice', 'alice', 'bob', 'erin');
const CHARGE_LISTS = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: chargesOfKind('fee', CUSTOMERS, fc.constant('fees')) },
    { weight: 4, arbitrary: chargesOfKind('commission', fc.constant('commission'), CUSTOMERS) },
    { weight: 1, arbitrary: chargesOfKind('fee', NAMED, fc.constantFrom('fees', 'nobody', 'alice', 'connector')) },
    { weight: 1, arbitrary: chargesOfKind('commission', NAMED, fc.constantFrom('bob', 'fees', 'commission')) },
  ),
  { minLength: 1, maxLength: 3 },
);

function chargesOfKind(
  kind: ModelCharge['kind'],
  from: fc.Arbitrary<string>,
  to: fc.Arbitrary<string>,
): fc.Arbitrary<ModelCharge> {
  return fc
    .tuple(from, to, fc.bigInt(1n, 4n))
    .map(([payer, payee, amount]) => ({ from: payer, to: payee, amount, kind }))
    .filter((charge) => charge.from !== charge.to);
}

const CHARGES: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('charges'),
  at: AT,
  conflict: often(3, fc.constant(null), CHARGE_LISTS),
});

const FUNDS: fc.Arbitrary<Intent> = fc.record({
  kind: fc.constant('funds'),
  id: fc.nat(MOVEMENTS - 1).map((index) => `f${index}`),
  account: often(20, NAMED, fc.constant('nobody')),
  amount: fc.bigInt(1n, 6n),
  direction: fc.constantFrom('in', 'in', 'out'),
});

const ACCOUNTS: fc.Arbitrary<Intent> = fc.record(
  {
    kind: fc.constant('account'),
    account: NAMED,
    isDirect: fc.boolean(),
    onlyNew: often(4, fc.constant(false), fc.constant(true)),
    balance: fc.bigInt(-10n, 40n),
    floor: fc.option(fc.bigInt(-30n, 15n), { freq: 8, nil: null }),
    cap: fc.option(fc.bigInt(0n, 12n), { freq: 3, nil: null }),
    isDisabled: often(6, fc.constant(false), fc.constant(true)),
  },
  { requiredKeys: ['kind', 'account'] },
);

/** Changes of accounts while others pay. */
const ACCOUNTS_IN_RACES: fc.Arbitrary<Intent> = fc.record(
  {
    kind: fc.constant('account'),
    account: NAMED,
    balance: fc.bigInt(0n, 40n),
    isDisabled: often(6, fc.constant(false), fc.constant(true)),
  },
  { requiredKeys: ['kind', 'account'] },
);

export const OF_ALL_KINDS = {
  account: ACCOUNTS,
  funds: FUNDS,
  put: PUTS,
  fulfil: FULFILS,
  reject: REJECTS,
  charges: CHARGES,
};
export const OF_RACES = { ...OF_ALL_KINDS, account: ACCOUNTS_IN_RACES };

export function intents({ account, funds, put, fulfil, reject, charges }: typeof OF_ALL_KINDS): fc.Arbitrary<Intent> {
  return fc.oneof(
    { weight: 2, arbitrary: account },
    { weight: 2, arbitrary: funds },
    { weight: 12, arbitrary: put },
    { weight: 7, arbitrary: fulfil },
    { weight: 3, arbitrary: reject },
    { weight: 5, arbitrary: charges },
  );
}

/** The transfers of a program, with expiries in the given range. */
export function templates(times: fc.Arbitrary<number>): fc.Arbitrary<readonly Template[]> {
  const content = fc
    .record({
      from: NAMED,
      to: often(1, NAMED, fc.constant('connector')),
      amount: AMOUNTS,
      lock: often(6, fc.constantFrom(...SPELLINGS.map((spelling) => `execution/${spelling}`)), fc.constant(null)),
      cancelLock: fc.constantFrom(null, ...SPELLINGS.map((spelling) => `cancellation/${spelling}`)),
      expiresAt: often(2, times, fc.constant(60_000)),
      memo: fc.constantFrom(null, 'one'),
      isLasting: fc.boolean(),
    })
    .map(({ isLasting, ...some }) => (some.lock === null && isLasting ? { ...some, expiresAt: null } : some));
  return fc.array(fc.record({ content, charges: CHARGE_LISTS }), { minLength: TRANSFERS, maxLength: TRANSFERS });
}

/** Floor 0, or −50 for the connector and commissions, and a balance above it. */
export function openings(account: string, balances: fc.Arbitrary<bigint>): fc.Arbitrary<AccountOperation> {
  const floor = account === 'connector' || account === 'commission' ? -50n : 0n;
  return fc.record({
    kind: fc.constant('account'),
    account: fc.constant(account),
    balance: balances.map((balance) => (balance < floor ? floor : balance)),
    floor: fc.constant(floor),
    cap: fc.option(fc.bigInt(0n, 30n), { freq: 2 }).map((cap) => (account === 'fees' ? null : cap)),
  });
}

export function resolve(all: readonly Template[]): (intent: Intent) => Operation {
  return (intent) => {
    if (intent.kind === 'account' || intent.kind === 'funds') return intent;
    const { at, ...operation } = intent;
    const id = `t${at}`;
    const { content, charges } = all[at]!;
    if (operation.kind === 'charges') return { kind: operation.kind, id, charges: operation.conflict ?? charges };
    const by = partyOf(content, operation.by);
    if (operation.kind !== 'put') return { ...operation, id, by };
    const { conflict, ...put } = operation;
    return { ...put, id, by, content: { ...content, ...expiringWhenLocked(content, conflict) } };
  };
}

function partyOf({ from, to }: Content, by: string): string {
  return by === 'from' ? from : by === 'to' ? to : by;
}

/** A transfer with a condition needs an expiry (contract 3.3). The API checks that, not the engine. */
function expiringWhenLocked({ expiresAt }: Content, conflict: Partial<Content>): Partial<Content> {
  return conflict.lock && expiresAt === null ? { ...conflict, expiresAt: 60_000 } : conflict;
}

function often<A, B>(weight: number, usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

export function ticks(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).map((count) => count * TICK);
}
