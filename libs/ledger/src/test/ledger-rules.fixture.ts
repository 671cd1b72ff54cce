import {
  areSameCharges,
  chargesOf,
  type Content,
  enter,
  expire,
  fundsOf,
  holdsOf,
  isDirectAtFirst,
  isFinal,
  isOver,
  isSameContent,
  ISSUANCE,
  kindOf,
  type ModelCharge,
  type ModelTransfer,
  move,
  propose,
  secretOf,
  shortAccount,
  stateOf,
  type World,
} from './ledger-model.fixture.js';

/** `admin`; `authorizer`, `rejecter` or `fulfiller`, who have one right each; or the owner of an account. */
type Caller = string;

export interface AccountOperation {
  kind: 'account';
  account: string;
  onlyNew?: boolean;
  balance?: bigint;
  floor?: bigint | null;
  cap?: bigint | null;
  isDisabled?: boolean;
  isDirect?: boolean;
}

export interface FundsOperation {
  kind: 'funds';
  id: string;
  account: string;
  amount: bigint;
  direction: 'in' | 'out';
}

export interface PutOperation {
  kind: 'put';
  id: string;
  content: Content;
  authorized: boolean;
  /** The reason if the PUT rejects the credit. */
  rejection: string | null;
  by: Caller;
}

export interface FulfilOperation {
  kind: 'fulfil';
  id: string;
  /** `secret/spelling`, `garbage`, or `unsupported`. */
  fulfillment: string;
  by: Caller;
}

export interface RejectOperation {
  kind: 'reject';
  id: string;
  reason: string;
  by: Caller;
}

export interface ChargesOperation {
  kind: 'charges';
  id: string;
  charges: readonly ModelCharge[];
}

export type Operation =
  AccountOperation | FundsOperation | PutOperation | FulfilOperation | RejectOperation | ChargesOperation;

/** An answer: an error, or the members that fit the operation. */
export interface Answer {
  status: number;
  error?: string;
  owner?: string;
  transfer?: Pick<ModelTransfer, 'reason' | 'fulfillment'> & { state: string };
  fulfillment?: string;
  charges?: readonly ModelCharge[];
  account?: { posted: bigint; held: bigint };
}

export interface Step {
  world: World;
  answer: Answer;
}

/** HTTP status by error id (contract 6.1). */
const STATUS = {
  InvalidBodyError: 400,
  InvalidModificationError: 400,
  UnauthorizedError: 403,
  NotFoundError: 404,
  UnprocessableEntityError: 422,
  InsufficientFundsError: 422,
  AlreadyExistsError: 422,
  RecordExistsError: 422,
  ExpiredTransferError: 422,
  TransferNotConditionalError: 422,
  UnmetConditionError: 422,
  UnsupportedCryptoConditionError: 422,
};

/** The answer and the effect that the contract prescribes for one operation. */
export function apply(world: World, operation: Operation): Step {
  switch (operation.kind) {
    case 'account':
      return putAccount(world, operation);
    case 'funds':
      return moveFunds(world, operation);
    case 'put':
      return put(world, operation);
    case 'fulfil':
      return fulfil(expire(world, operation.id), operation);
    case 'reject':
      return reject(expire(world, operation.id), operation);
    default:
      return putCharges(expire(world, operation.id), operation);
  }
}

/** Expires all transfers that are due, like the sweeper. */
export function expireAll(world: World): World {
  return [...world.transfers.keys()].reduce(expire, world);
}

/** Whether the caller may act on the transfer at all (contract 3.2). Accounts are checked later. */
function isParty(by: Caller, { from, to }: Content): boolean {
  return [from, to, 'admin', 'authorizer', 'rejecter'].includes(by);
}

/** Owners act for accounts with direct use, holders of a right for customers (rulings 22 and 23). */
function reaches(world: World, by: Caller, name: string, holder: Caller): boolean {
  const account = world.accounts.get(name);
  const holds = by === 'admin' || by === holder;
  if (!account) return holds;
  return (by === name && account.isDirect) || (account.kind === 'mw' && holds);
}

function mayAuthorize(world: World, by: Caller, { from }: Content): boolean {
  const isDisabled = world.accounts.get(from)?.isDisabled === true && (by === 'admin' || by === 'authorizer');
  return isDisabled || reaches(world, by, from, 'authorizer');
}

/** The owner of a credit may reject any proposal (ruling 32). */
function mayReject(world: World, by: Caller, transfer: ModelTransfer): boolean {
  const { to } = transfer.content;
  return reaches(world, by, to, 'rejecter') || (by === to && stateOf(transfer) === 'proposed');
}

/** A transfer to an account without direct use is executed by the DFSP's role (ruling 23). */
function mayExecute(world: World, by: Caller, { to }: Content): boolean {
  const { kind, isDirect } = world.accounts.get(to)!;
  return kind !== 'mw' || isDirect || by === 'admin' || by === 'fulfiller';
}

/** Transfers are between customers and connectors (ruling 22). */
function areParties(world: World, { from, to }: Content): boolean {
  return [from, to].every((name) => ['mw', 'con', undefined].includes(world.accounts.get(name)?.kind));
}

/**
 * Fees go from customers to `f`, commissions from `c` to customers; these customers are parties of the transfer (ruling
 * 22).
 */
function areChargeable(world: World, charges: readonly ModelCharge[], content?: Content): boolean {
  return charges.every(({ from, to, kind }) => {
    const kinds = `${world.accounts.get(from)?.kind} ${world.accounts.get(to)?.kind}`;
    const customer = kind === 'fee' ? from : to;
    const isOfTransfer = !content || customer === content.from || customer === content.to;
    return kinds === (kind === 'fee' ? 'mw f' : 'c mw') && isOfTransfer;
  });
}

/** A transfer from a connector to an account without direct use needs a condition (ruling 23). */
function isExecutable(world: World, { from, to, lock }: Content): boolean {
  const credited = world.accounts.get(to)!;
  return lock !== null || credited.kind !== 'mw' || credited.isDirect || world.accounts.get(from)!.kind === 'mw';
}

/** An opening balance is booked against the issuance account (rulings 14 and 22). */
function putAccount(world: World, { account: name, ...change }: AccountOperation): Step {
  const known = world.accounts.get(name);
  if (known && change.onlyNew) return refuse(world, 'RecordExistsError');
  const { posted, held } = fundsOf(world, name);
  const balance = change.balance ?? posted - held;
  const account = {
    floor: change.floor === undefined ? (known ? known.floor : 0n) : change.floor,
    cap: change.cap === undefined ? (known?.cap ?? null) : change.cap,
    isDisabled: change.isDisabled ?? known?.isDisabled ?? false,
    kind: kindOf(name),
    isDirect: change.isDirect ?? known?.isDirect ?? isDirectAtFirst(name),
  };
  const mayBeSaid = account.kind === 'mw' || account.isDirect === isDirectAtFirst(name);
  if (!mayBeSaid) return refuse(world, 'UnprocessableEntityError');
  if (balance !== posted - held && hasEntries(world, name)) return refuse(world, 'UnprocessableEntityError');
  if (account.floor !== null && balance < account.floor) return refuse(world, 'UnprocessableEntityError');

  const opened = { ...world, accounts: new Map(world.accounts).set(name, account) };
  const opening = { from: ISSUANCE, to: name, amount: balance - (posted - held) };
  const booked = opening.amount === 0n ? opened : move(opened, opening);
  return {
    world: booked,
    answer: { status: known ? 200 : 201, account: { posted: fundsOf(booked, name).posted, held } },
  };
}

/** Books an amount against the issuance account, once per id (ruling 22). */
function moveFunds(world: World, { id, account: name, amount, direction }: FundsOperation): Step {
  const account = world.accounts.get(name);
  if (!account) return refuse(world, 'NotFoundError');
  const [from, to] = direction === 'in' ? [ISSUANCE, name] : [name, ISSUANCE];
  const content = { from, to, amount, lock: null, cancelLock: null, expiresAt: null, memo: null };
  const known = world.transfers.get(id);
  if (known && !isSameContent(known.content, content)) return refuse(world, 'InvalidModificationError');
  const { posted: before, held: holds } = fundsOf(world, name);
  const isShort = account.floor !== null && before - holds - amount < account.floor;
  if (!known && direction === 'out' && isShort) return refuse(world, 'InsufficientFundsError', { owner: name });
  const moved = known ? world : enter(propose(world, id, content), id, 'executed', { authorized: true });
  const { posted, held } = fundsOf(moved, name);
  return { world: moved, answer: { status: known ? 200 : 201, account: { posted, held } } };
}

/** A caller that is no party does not learn whether the transfer exists, and does not expire it. */
function put(world: World, operation: PutOperation): Step {
  const { id, content, by } = operation;
  if (!isParty(by, content)) return refuse(world, 'UnauthorizedError');
  const seen = expire(world, id);
  const known = seen.transfers.get(id);
  return known ? modify(seen, known, operation) : create(seen, operation);
}

function create(world: World, { id, content, authorized, rejection, by }: PutOperation): Step {
  if (!areParties(world, content)) return refuse(world, 'UnprocessableEntityError');
  const may = mayAuthorize(world, by, content) || (!authorized && reaches(world, by, content.to, 'rejecter'));
  if (!may) return refuse(world, 'UnauthorizedError');
  if (rejection !== null) return refuse(world, 'InvalidModificationError');
  if (content.expiresAt !== null && content.expiresAt <= world.now) return refuse(world, 'ExpiredTransferError');
  if (!areUsable(world, [content.from, content.to])) return refuse(world, 'UnprocessableEntityError');
  if (authorized) return authorize(world, id, content, 201);
  return tell(enter(propose(world, id, content), id, 'proposed'), id, 201);
}

/** Repeated and changed requests (contract 3.4, idempotency; ruling 31). */
function modify(world: World, known: ModelTransfer, operation: PutOperation): Step {
  const { id, content, authorized, rejection, by } = operation;
  const addsAuthorization = authorized && !known.authorized;
  const isReplay = isSameContent(known.content, content) && (authorized || !known.authorized);
  if (!isReplay || (addsAuthorization && isFinal(known))) return refuse(world, 'InvalidModificationError');
  if (rejection !== null) return reject(world, { kind: 'reject', id, reason: rejection, by });
  if (!addsAuthorization) return tell(world, id);
  if (!areParties(world, content)) return refuse(world, 'UnprocessableEntityError');
  if (!mayAuthorize(world, by, content)) return refuse(world, 'UnauthorizedError');
  if (!areUsable(world, [content.from, content.to])) return refuse(world, 'UnprocessableEntityError');
  return authorize(world, id, known.content, 200);
}

/** Checks the balances of the transfer and the charges put before (contract 3.4, balance rule; ruling 10). */
function authorize(world: World, id: string, content: Content, status: number): Step {
  const charges = chargesOf(world, id);
  const mayBe = isExecutable(world, content) && areChargeable(world, charges, content);
  if (!mayBe || !areUsable(world, partiesOf(charges))) return refuse(world, 'UnprocessableEntityError');
  const owner = shortAccount(world, holdsOf(content, charges));
  if (owner !== undefined) return refuse(world, 'InsufficientFundsError', { owner });
  const known = world.transfers.has(id) ? world : propose(world, id, content);
  return tell(enter(known, id, content.lock === null ? 'executed' : 'prepared', { authorized: true }), id, status);
}

/** Checks in the order of contract 3.6. */
function fulfil(world: World, { id, fulfillment, by }: FulfilOperation): Step {
  const transfer = world.transfers.get(id);
  if (!transfer) return refuse(world, 'NotFoundError');
  if (fulfillment === 'garbage') return refuse(world, 'InvalidBodyError');
  if (fulfillment === 'unsupported') return refuse(world, 'UnsupportedCryptoConditionError');
  const { lock, cancelLock, to } = transfer.content;
  if (lock === null) return refuse(world, 'TransferNotConditionalError');

  const executes = secretOf(fulfillment) === secretOf(lock);
  if (!executes && secretOf(fulfillment) !== secretOf(cancelLock)) return refuse(world, 'UnmetConditionError');
  const isDone = executes ? stateOf(transfer) === 'executed' : stateOf(transfer) === 'rejected';
  if (isDone && transfer.fulfillment !== null) {
    return { world, answer: { status: 200, fulfillment: transfer.fulfillment } };
  }
  if (transfer.hasExpired) return refuse(world, 'ExpiredTransferError');
  if (stateOf(transfer) !== 'prepared') return refuse(world, 'InvalidModificationError');
  // Reached only during a grace: only its connector may execute it (ruling 9).
  if (isOver(world, transfer) && !(executes && by === to)) return refuse(world, 'ExpiredTransferError');
  if (executes && !mayExecute(world, by, transfer.content)) return refuse(world, 'UnauthorizedError');
  const done = executes
    ? enter(world, id, 'executed', { fulfillment })
    : enter(world, id, 'rejected', { reason: 'cancelled', fulfillment });
  return { world: done, answer: { status: 200, fulfillment } };
}

/** Rejection (contract 3.5, ruling 32). */
function reject(world: World, { id, reason, by }: RejectOperation): Step {
  const transfer = world.transfers.get(id);
  if (!transfer) return refuse(world, 'NotFoundError');
  if (!mayReject(world, by, transfer)) return refuse(world, 'UnauthorizedError');
  if (stateOf(transfer) === 'rejected') return tell(world, id);
  if (stateOf(transfer) === 'executed') {
    return refuse(world, transfer.content.lock === null ? 'TransferNotConditionalError' : 'InvalidModificationError');
  }
  if (!isOver(world, transfer)) return tell(enter(world, id, 'rejected', { reason }), id);
  if (by !== transfer.content.to) return refuse(world, 'ExpiredTransferError');
  return tell(enter(world, id, 'rejected', { reason: 'expired', hasExpired: true }), id);
}

/** Charges of a prepared transfer are held at once (ruling 10). */
function putCharges(world: World, { id, charges }: ChargesOperation): Step {
  const transfer = world.transfers.get(id);
  const known = chargesOf(world, id);
  if (known.length > 0 && areSameCharges(known, charges)) return { world, answer: { status: 200, charges } };
  if (transfer && isFinal(transfer)) return refuse(world, 'AlreadyExistsError');
  if (known.length > 0) return refuse(world, 'InvalidModificationError');
  const mayBe = areUsable(world, partiesOf(charges)) && areChargeable(world, charges, transfer?.content);
  if (!mayBe) return refuse(world, 'UnprocessableEntityError');
  if (transfer && stateOf(transfer) === 'prepared') {
    if (isOver(world, transfer)) return refuse(world, 'ExpiredTransferError');
    const before = holdsOf(transfer.content, []);
    const after = holdsOf(transfer.content, charges);
    const more = new Map([...after].map(([account, amount]) => [account, amount - (before.get(account) ?? 0n)]));
    const owner = shortAccount(world, more);
    if (owner !== undefined) return refuse(world, 'InsufficientFundsError', { owner });
  }
  return { world: { ...world, charges: new Map(world.charges).set(id, charges) }, answer: { status: 201, charges } };
}

function hasEntries(world: World, name: string): boolean {
  return world.journal.some(({ from, to }) => from === name || to === name);
}

function areUsable(world: World, names: readonly string[]): boolean {
  return names.every((name) => world.accounts.get(name)?.isDisabled === false);
}

function partiesOf(charges: readonly ModelCharge[]): string[] {
  return charges.flatMap(({ from, to }) => [from, to]);
}

function tell(world: World, id: string, status = 200): Step {
  const transfer = world.transfers.get(id)!;
  const { reason, fulfillment } = transfer;
  return { world, answer: { status, transfer: { state: stateOf(transfer), reason, fulfillment } } };
}

function refuse(world: World, error: keyof typeof STATUS, details: { owner?: string } = {}): Step {
  return { world, answer: { status: STATUS[error], error, ...details } };
}
