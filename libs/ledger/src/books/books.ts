import { randomUUID } from 'node:crypto';
import {
  EXPIRED,
  isLegalMove,
  isOverdue,
  proposedTransfer,
  type Transfer,
  type TransferContent,
  TransferState,
} from '@level-one/transfer';
import { type Account, AccountType } from '../schema/account.entity.js';
import type { Charge } from '../schema/charge.entity.js';
import { EntryKind } from '../schema/entry.entity.js';
import type { Message } from '../schema/event.entity.js';
import { holdsOf } from './holds.js';
import type { SchemeCharge } from '../schema/scheme-charge.entity.js';

export interface NewEntry {
  transferId: string;
  account: string;
  /** Minor units, negative on the debited account. */
  amount: bigint;
  /** Posted on the account after this entry. */
  balance: bigint;
  kind: EntryKind;
}

/** Either of a transfer or of a message. */
export interface NewEvent {
  id: string;
  transfer: Transfer | null;
  /** What the transfer came into with this event; it may have gone further since. */
  state: TransferState | null;
  message: Message | null;
}

/** The account that every ledger's money is issued from, so that all its accounts sum to zero (ruling 14). */
export const ISSUANCE_ACCOUNT = 'issuance';

/** How long things stay open, in ms. */
export interface BooksTimes {
  /** A transfer that credits a connector, after its time, to that connector (ruling 9); 0: not at all. */
  lateSourceGraceMs: number;
  /** A proposal, also where its own time is later, or it has none. */
  proposalLifetimeMs: number;
}

/** What the books are opened with. */
export interface OpenBooks {
  /** By the clock of the database. */
  now: Date;
  transfers: Map<string, Transfer>;
  accounts: Map<string, Account>;
  /** By the id of their transfer, in their order. */
  charges: Map<string, Charge[]>;
  /** What the scheme charges for each transfer at this moment. */
  tariff: readonly SchemeCharge[];
}

/**
 * The part of the ledger that a batch of commands touches, locked and read from the database, and what the commands
 * changed in it. Later commands of a batch see what earlier ones did; everything is written back together or not at
 * all. Amounts move only through `hold`, `release`, and `post`.
 */
export class Books {
  readonly newTransfers = new Set<Transfer>();
  /** Known before, and in another state now. */
  readonly changedTransfers = new Set<Transfer>();
  readonly changedAccounts = new Set<Account>();
  /** New accounts, and accounts of which more than the funds changed. */
  readonly administeredAccounts = new Set<Account>();
  /** By transfer, what is now held on which account. */
  readonly writtenHolds = new Map<string, Map<string, bigint>>();
  /** Transfers that hold nothing any more. */
  readonly closedHolds = new Set<string>();
  readonly newCharges = new Map<string, readonly Charge[]>();
  /** New transfers whose charges had come before them. */
  readonly metCharges = new Set<string>();
  readonly entries: NewEntry[] = [];
  readonly events: NewEvent[] = [];

  constructor(
    private readonly opened: OpenBooks,
    private readonly times: BooksTimes,
  ) {}

  get now(): Date {
    return this.opened.now;
  }

  get tariff(): readonly SchemeCharge[] {
    return this.opened.tariff;
  }

  /** A transfer as these books have it. What decides about it calls {@link expireIfDue} first. */
  transfer(id: string): Transfer | undefined {
    return this.opened.transfers.get(id);
  }

  /** Rejects a transfer whose time is over. */
  expireIfDue(id: string): void {
    const transfer = this.transfer(id);
    if (transfer && this.hasToExpire(transfer)) this.reject(transfer, { reason: EXPIRED });
  }

  /** Whether its time is over, and it is open only because its connector may come late (ruling 9). */
  isLate(transfer: Transfer): boolean {
    return isOverdue(transfer, this.now);
  }

  account(name: string): Account | undefined {
    return this.opened.accounts.get(name);
  }

  charges(transferId: string): readonly Charge[] {
    return this.opened.charges.get(transferId) ?? [];
  }

  /** Takes a new account into the books, or notes that more than the funds of a known one changed. */
  administer(account: Account): void {
    this.opened.accounts.set(account.name, account);
    this.administeredAccounts.add(account);
  }

  /** Keeps charges that are to go with a transfer. Where it is prepared already, what they take is held at once. */
  charge(transferId: string, charges: readonly Charge[]): void {
    const transfer = this.transfer(transferId);
    const isPrepared = transfer?.state === TransferState.Prepared;
    if (isPrepared) this.takeBack(transfer);
    this.opened.charges.set(transferId, [...charges]);
    this.newCharges.set(transferId, charges);
    if (isPrepared) this.hold(transfer);
  }

  /** What a transfer with its charges takes from each account, in minor units. */
  holds(transfer: TransferContent): Map<string, bigint> {
    return holdsOf(transfer, this.charges(transfer.id));
  }

  /** Takes a new transfer into the books, in state proposed, without a word about it yet. */
  enrol(content: TransferContent): Transfer {
    const transfer = proposedTransfer(content, this.now);
    this.opened.transfers.set(transfer.id, transfer);
    this.newTransfers.add(transfer);
    if (this.charges(transfer.id).length > 0 && !this.newCharges.has(transfer.id)) this.metCharges.add(transfer.id);
    return transfer;
  }

  /** Takes a new transfer into the books that waits for its authorization. */
  propose(content: TransferContent): Transfer {
    const transfer = this.enrol(content);
    this.announce(transfer);
    return transfer;
  }

  /** Holds what the transfer and its charges take until the condition is fulfilled. */
  prepare(transfer: Transfer): void {
    this.enter(transfer, TransferState.Prepared);
    transfer.authorized = true;
    transfer.preparedAt = this.now;
    this.hold(transfer);
    this.announce(transfer);
  }

  /** Moves the money of a transfer without condition. */
  executeAtOnce(transfer: Transfer): void {
    this.enter(transfer, TransferState.Executed);
    transfer.authorized = true;
    transfer.preparedAt = this.now;
    transfer.executedAt = this.now;
    this.post(transfer);
    this.announce(transfer);
  }

  /** Moves the money that was held. */
  execute(transfer: Transfer, fulfillment: string): void {
    this.enter(transfer, TransferState.Executed);
    transfer.executedAt = this.now;
    transfer.fulfillment = fulfillment;
    this.release(transfer);
    this.post(transfer);
    this.announce(transfer);
  }

  /** Gives back what was held. */
  reject(transfer: Transfer, { reason, message = null, fulfillment = null }: RejectionCause): void {
    const wasPrepared = transfer.state === TransferState.Prepared;
    this.enter(transfer, TransferState.Rejected);
    transfer.rejectedAt = this.now;
    transfer.rejectionReason = reason;
    transfer.rejectionMessage = message;
    transfer.fulfillment = fulfillment;
    if (wasPrepared) this.release(transfer);
    this.announce(transfer);
  }

  /** Puts a message among the events, for who listens to its addressee. */
  send(message: Message): void {
    this.events.push({ id: randomUUID(), transfer: null, state: null, message });
  }

  private hasToExpire(transfer: Transfer): boolean {
    const graceMs = this.mayComeLate(transfer) ? this.times.lateSourceGraceMs : 0;
    const now = this.now.getTime();
    const isForgotten =
      transfer.state === TransferState.Proposed && transfer.proposedAt.getTime() <= now - this.times.proposalLifetimeMs;
    return isForgotten || isOverdue(transfer, new Date(now - graceMs));
  }

  private mayComeLate({ state, creditAccount }: Transfer): boolean {
    return (
      this.times.lateSourceGraceMs > 0 &&
      state === TransferState.Prepared &&
      this.account(creditAccount)?.accountType === AccountType.Connector
    );
  }

  private enter(transfer: Transfer, state: TransferState): void {
    if (!isLegalMove(transfer.state, state)) {
      throw new Error(`Transfer ${transfer.id} cannot go from ${transfer.state} to ${state}`);
    }
    transfer.state = state;
  }

  private announce(transfer: Transfer): void {
    if (!this.newTransfers.has(transfer)) this.changedTransfers.add(transfer);
    this.events.push({ id: randomUUID(), transfer, state: transfer.state, message: null });
  }

  private hold(transfer: Transfer): void {
    const holds = this.holds(transfer);
    for (const [account, amount] of holds) this.party(account).held += amount;
    this.writtenHolds.set(transfer.id, holds);
  }

  private takeBack(transfer: Transfer): void {
    for (const [account, amount] of this.holds(transfer)) this.party(account).held -= amount;
  }

  private release(transfer: Transfer): void {
    this.takeBack(transfer);
    this.writtenHolds.delete(transfer.id);
    // A hold that the same batch opened was never written.
    if (!this.newTransfers.has(transfer)) this.closedHolds.add(transfer.id);
  }

  private post(transfer: Transfer): void {
    const { id, debitAccount, creditAccount } = transfer;
    const isIssuance = debitAccount === ISSUANCE_ACCOUNT || creditAccount === ISSUANCE_ACCOUNT;
    this.move(id, transfer, isIssuance ? EntryKind.Issuance : EntryKind.Transfer);
    for (const charge of this.charges(id)) this.move(id, charge, charge.kind);
  }

  private move(transferId: string, { debitAccount, creditAccount, amount }: Movement, kind: EntryKind): void {
    this.book(transferId, debitAccount, -amount, kind);
    this.book(transferId, creditAccount, amount, kind);
  }

  private book(transferId: string, name: string, amount: bigint, kind: EntryKind): void {
    const account = this.party(name);
    account.posted += amount;
    account.hasEntries = true;
    if (kind === EntryKind.Issuance) account.positionBase += amount;
    this.entries.push({ transferId, account: name, amount, balance: account.posted, kind });
  }

  private party(name: string): Account {
    const account = this.account(name);
    if (!account) throw new Error(`Account ${name} is not in the books`);
    this.changedAccounts.add(account);
    return account;
  }
}

type Movement = Pick<Transfer, 'debitAccount' | 'creditAccount' | 'amount'>;

/**
 * What an account may still spend, in minor units: down to its floor, and to its net debit cap. Null is without bound.
 */
export function availableOf({ posted, held, minimumAllowedBalance, netDebitCap, positionBase }: Account): {
  aboveFloor: bigint | null;
  belowCap: bigint | null;
} {
  return {
    aboveFloor: minimumAllowedBalance === null ? null : posted - held - minimumAllowedBalance,
    belowCap: netDebitCap === null ? null : posted - held - positionBase + netDebitCap,
  };
}

export interface RejectionCause {
  reason: string;
  /** What the rejecting party submitted. */
  message?: Transfer['rejectionMessage'];
  /** What fulfilled the cancellation condition. */
  fulfillment?: string | null;
}
