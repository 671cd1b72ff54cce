/**
 * A model of the ledger as the contract describes it (3.2–3.6, rulings 9, 10, 14, 15, 22, 23, 31, 32), small enough to
 * be checked by reading. It stores no balances: they follow from its journal and its open transfers.
 */

export type State = 'proposed' | 'prepared' | 'executed' | 'rejected';

/** Contract 3.4; a transfer visits each state at most once. */
const NEXT_STATES: Record<State | 'none', readonly State[]> = {
  none: ['proposed', 'prepared', 'executed'],
  proposed: ['prepared', 'executed', 'rejected'],
  prepared: ['executed', 'rejected'],
  executed: [],
  rejected: [],
};

export interface ModelAccount {
  /** Null: no floor. */
  floor: bigint | null;
  /** How far prepares may bring the position below zero; null: no cap. */
  cap: bigint | null;
  isDisabled: boolean;
  kind: ModelKind;
  /** Whether it has direct use. */
  isDirect: boolean;
}

/** Customers, connectors, fees and commissions. */
export type ModelKind = 'mw' | 'con' | 'f' | 'c';

/** Kind of an account of a program, by its name. */
export function kindOf(name: string): ModelKind {
  return ({ connector: 'con', fees: 'f', commission: 'c' } as const)[name] ?? 'mw';
}

/** Bob is opened as a customer without direct use, other customers as plain Five Bells accounts. */
export function isDirectAtFirst(name: string): boolean {
  return kindOf(name) === 'con' || (kindOf(name) === 'mw' && name !== 'bob');
}

export interface ModelCharge {
  from: string;
  to: string;
  amount: bigint;
  kind: 'fee' | 'commission';
}

/** Locks are written `secret/spelling`: the secret opens the lock in any spelling (3.6). */
export interface Content {
  from: string;
  to: string;
  amount: bigint;
  lock: string | null;
  cancelLock: string | null;
  /** Milliseconds since the program began. */
  expiresAt: number | null;
  memo: string | null;
}

export interface ModelTransfer {
  content: Content;
  authorized: boolean;
  /** All its states; the last one is the present one. */
  path: readonly State[];
  reason: string | null;
  /** Whether it was rejected because it expired. */
  hasExpired: boolean;
  fulfillment: string | null;
}

interface Movement {
  from: string;
  to: string;
  amount: bigint;
  isIssuance: boolean;
}

/** Immutable: each change returns a new world. */
export interface World {
  /** Milliseconds since the program began. */
  now: number;
  /** Grace of transfers that credit a connector, in ms (ruling 9). */
  graceMs: number;
  accounts: ReadonlyMap<string, ModelAccount>;
  transfers: ReadonlyMap<string, ModelTransfer>;
  /** By transfer, which may come later. */
  charges: ReadonlyMap<string, readonly ModelCharge[]>;
  journal: readonly Movement[];
}

export const ISSUANCE = 'issuance';

export function emptyWorld(graceMs: number): World {
  return { now: 0, graceMs, accounts: new Map(), transfers: new Map(), charges: new Map(), journal: [] };
}

export function stateOf({ path }: ModelTransfer): State {
  return path.at(-1)!;
}

export function isFinal(transfer: ModelTransfer): boolean {
  return NEXT_STATES[stateOf(transfer)].length === 0;
}

export function secretOf(lock: string | null): string | null {
  return lock?.split('/')[0] ?? null;
}

/** Conditions are compared in any spelling (contract 3.4, idempotency). */
export function isSameContent(a: Content, b: Content): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.amount === b.amount &&
    a.expiresAt === b.expiresAt &&
    a.memo === b.memo &&
    secretOf(a.lock) === secretOf(b.lock) &&
    secretOf(a.cancelLock) === secretOf(b.cancelLock)
  );
}

export function areSameCharges(a: readonly ModelCharge[], b: readonly ModelCharge[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ from, to, amount, kind }, index) => {
      const other = b[index]!;
      return from === other.from && to === other.to && amount === other.amount && kind === other.kind;
    })
  );
}

/**
 * Amounts that a transfer and its charges hold, by account. Charges that the credited account pays are first covered by
 * the amount it is credited.
 */
export function holdsOf(content: Content, charges: readonly ModelCharge[]): Map<string, bigint> {
  const holds = new Map<string, bigint>();
  for (const account of [content.from, ...charges.map(({ from }) => from)]) {
    const paid = account === content.from ? content.amount : 0n;
    const charged = sum(charges.filter(({ from }) => from === account).map(({ amount }) => amount));
    const credited = account === content.to && account !== content.from ? content.amount : 0n;
    if (paid + charged > credited) holds.set(account, paid + charged - credited);
  }
  return holds;
}

export interface Funds {
  posted: bigint;
  held: bigint;
  /** Payments and receipts, without issued money. */
  position: bigint;
}

export function fundsOf(world: World, account: string): Funds {
  const gains = world.journal.map(({ from, to, amount, isIssuance }) => ({
    gain: (to === account ? amount : 0n) - (from === account ? amount : 0n),
    isIssuance,
  }));
  const prepared = [...world.transfers].filter(([, transfer]) => stateOf(transfer) === 'prepared');
  return {
    posted: sum(gains.map(({ gain }) => gain)),
    held: sum(prepared.map(([id, { content }]) => holdsOf(content, chargesOf(world, id)).get(account) ?? 0n)),
    position: sum(gains.filter(({ isIssuance }) => !isIssuance).map(({ gain }) => gain)),
  };
}

/** The first account that does not have its amount above its floor (3.4) and within its net debit cap. */
export function shortAccount(world: World, amounts: ReadonlyMap<string, bigint>): string | undefined {
  return [...amounts.keys()].find((name) => {
    const amount = amounts.get(name)!;
    const { floor, cap } = world.accounts.get(name)!;
    const { posted, held, position } = fundsOf(world, name);
    const isBelowFloor = floor !== null && posted - held - amount < floor;
    return amount > 0n && (isBelowFloor || (cap !== null && position - held - amount < -cap));
  });
}

export function chargesOf(world: World, id: string): readonly ModelCharge[] {
  return world.charges.get(id) ?? [];
}

/** Whether it is past its expiry. It may still be open. */
export function isOver({ now }: World, { content: { expiresAt } }: ModelTransfer): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** Rejects a transfer past its expiry and the grace of its connector (ruling 9). */
export function expire(world: World, id: string): World {
  const transfer = world.transfers.get(id);
  if (!transfer || isFinal(transfer)) return world;
  const hasGrace = stateOf(transfer) === 'prepared' && world.accounts.get(transfer.content.to)?.kind === 'con';
  const isDue = isOver({ ...world, now: world.now - (hasGrace ? world.graceMs : 0) }, transfer);
  return isDue ? enter(world, id, 'rejected', { reason: 'expired', hasExpired: true }) : world;
}

export function propose(world: World, id: string, content: Content): World {
  const blank = { content, authorized: false, path: [], reason: null, hasExpired: false, fulfillment: null };
  return { ...world, transfers: new Map(world.transfers).set(id, blank) };
}

/** Moves a transfer into a state. `executed` also moves its amount and its charges. */
export function enter(world: World, id: string, state: State, details: Partial<ModelTransfer> = {}): World {
  const transfer = world.transfers.get(id)!;
  if (!NEXT_STATES[transfer.path.at(-1) ?? 'none'].includes(state)) {
    throw new Error(`Transfer ${id} may not go from ${transfer.path.join(', ') || 'nothing'} to ${state}`);
  }
  const entered = { ...transfer, ...details, path: [...transfer.path, state] };
  const moved = state === 'executed' ? [transfer.content, ...chargesOf(world, id)] : [];
  return moved.reduce(move, { ...world, transfers: new Map(world.transfers).set(id, entered) });
}

/** Moves money. Money from or to the issuance account is issued or taken back (ruling 14). */
export function move(world: World, { from, to, amount }: Pick<Movement, 'from' | 'to' | 'amount'>): World {
  const isIssuance = from === ISSUANCE || to === ISSUANCE;
  return { ...world, journal: [...world.journal, { from, to, amount, isIssuance }] };
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
