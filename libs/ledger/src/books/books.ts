import { randomUUID } from 'node:crypto';
import {
  AccountType,
  EXPIRED,
  isFinal,
  isLegalMove,
  proposedTransfer,
  type Transfer,
  type TransferContent,
  TransferState,
} from '@level-one/transfer';
import { type Account } from '../schema/account.entity.js';
import type { Charge } from '../schema/charge.entity.js';
import { EntryKind } from '../schema/entry.entity.js';
import type { Message } from '../schema/event.entity.js';
import { holdsOf } from './holds.js';
import type { SchemeCharge } from '../schema/scheme-charge.entity.js';
import type { SettlementConfirmationEntity } from '../schema/settlement.entity.js';

export interface NewEntry {
  transferId: string;
  account: string;
  /** Minor units; negative on the debited account. */
  amount: bigint;
  /** Balance of the account after this entry, in minor units. */
  balance: bigint;
  kind: EntryKind;
}

/** An event of a transfer or of a message; the other members are null. */
export interface NewEvent {
  id: string;
  transfer: Transfer | null;
  /** State that the transfer entered with this event. The transfer itself may be in a later state. */
  state: TransferState | null;
  message: Message | null;
}

/** All money of a ledger is issued from this account, so that its balances sum to zero (ruling 14). */
export const ISSUANCE_ACCOUNT = 'issuance';

/** How long transfers stay open, in ms. */
export interface BooksTimes {
  /** Grace of accounts that have none of their own (ruling 39); 0: none. */
  lateGraceMs: number;
  /** Maximum lifetime of a proposal, whatever its own expiry is. */
  proposalLifetimeMs: number;
}

/** The rows that the books are opened with. */
export interface OpenBooks {
  /** Time of the database. */
  now: Date;
  transfers: Map<string, Transfer>;
  accounts: Map<string, Account>;
  /** Ids under which there will never be a transfer (ruling 40), as {@link voidKey}s. */
  voided: Set<string>;
  /** By transfer id, in order of their position. */
  charges: Map<string, Charge[]>;
  /** Active charges of the scheme. */
  tariff: readonly SchemeCharge[];
}

/** An id that is void for the debits of one account, or, without it, for all. */
export function voidKey(transferId: string, debitAccount = ''): string {
  return `${transferId} ${debitAccount}`;
}

/**
 * The rows of the ledger that a batch of commands touches, locked and read from the database, with the changes of the
 * batch. Later commands of a batch see the changes of earlier ones; all changes are written together or not at all.
 * Amounts change in `openHold`, `releaseHold` and `postEntries` only.
 */
export class Books {
  readonly newTransfers = new Set<Transfer>();
  /** Transfers from the database whose state has changed. */
  readonly changedTransfers = new Set<Transfer>();
  readonly changedAccounts = new Set<Account>();
  /** New accounts, and accounts of which more than the funds has changed. */
  readonly administeredAccounts = new Set<Account>();
  /** Held amounts by transfer id and account name, in minor units. */
  readonly writtenHolds = new Map<string, Map<string, bigint>>();
  /** Ids of transfers whose holds end. */
  readonly closedHolds = new Set<string>();
  readonly newCharges = new Map<string, readonly Charge[]>();
  /** Ids of new transfers whose charges were stored before them. */
  readonly metCharges = new Set<string>();
  /** Ids that become void, each with the account that takes no debit under it; empty: no account does. */
  readonly newVoids: { id: string; debitAccount: string }[] = [];
  /** Ids of transfers whose waiting charges are dropped. */
  readonly droppedCharges = new Set<string>();
  /** Confirmations of settlements that were booked. */
  readonly confirmations = new Set<BookedConfirmation>();
  readonly entries: NewEntry[] = [];
  readonly events: NewEvent[] = [];
  /** The earliest future expiry that a command has looked at: from then on the commands might decide otherwise. */
  decidedUntil = Infinity;

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

  /** Does not expire the transfer: a command calls {@link expireIfDue} first. */
  transfer(id: string): Transfer | undefined {
    return this.opened.transfers.get(id);
  }

  /** Rejects a transfer that is open after its expiry and its grace. @returns whether it did. */
  expireIfDue(id: string): boolean {
    const transfer = this.transfer(id);
    if (!transfer || !this.hasToExpire(transfer)) return false;
    // One that the release before prepared has no end yet.
    if (transfer.state === TransferState.Prepared) transfer.openUntil = this.openUntil(transfer);
    this.rejectTransfer(transfer, { reason: EXPIRED });
    return true;
  }

  /** Whether the transfer is past its expiry. If it is still open, that is the grace of its creditor (ruling 39). */
  isLate({ state, expiresAt }: Transfer): boolean {
    return !isFinal(state) && expiresAt !== null && this.isOver(expiresAt);
  }

  /** Until when a transfer stays open; null: it never expires. */
  openUntil(transfer: Transfer): Date | null {
    const { state, expiresAt } = transfer;
    if (state !== TransferState.Prepared || expiresAt === null) return expiresAt;
    return transfer.openUntil ?? this.withGrace(transfer, expiresAt);
  }

  /** Extends the grace of a prepared transfer. */
  renewGrace(transfer: Transfer, until: Date): void {
    transfer.openUntil = until;
    this.changeTransfer(transfer);
  }

  /** @param debitAccount whether the id is void for its debits, too. */
  isVoid(transferId: string, debitAccount = ''): boolean {
    const { voided } = this.opened;
    return voided.has(voidKey(transferId)) || voided.has(voidKey(transferId, debitAccount));
  }

  /**
   * Sees to it that there will never be a transfer under this unknown id, and drops the charges that wait for it.
   * @param debitAccount none that debits this account; charges stay.
   */
  voidTransfer(id: string, debitAccount = ''): void {
    this.opened.voided.add(voidKey(id, debitAccount));
    this.newVoids.push({ id, debitAccount });
    if (debitAccount !== '') return;
    if (this.opened.charges.delete(id) && !this.newCharges.delete(id)) this.droppedCharges.add(id);
  }

  /** Whether a time plus `graceMs` has passed. */
  isOver(time: Date, graceMs = 0): boolean {
    const endsAt = time.getTime() + graceMs;
    if (endsAt <= this.now.getTime()) return true;
    this.decidedUntil = Math.min(this.decidedUntil, endsAt);
    return false;
  }

  account(name: string): Account | undefined {
    return this.opened.accounts.get(name);
  }

  charges(transferId: string): readonly Charge[] {
    return this.opened.charges.get(transferId) ?? [];
  }

  /** Records a new account, or a change of more than the funds of a known one. */
  administerAccount(account: Account): void {
    this.opened.accounts.set(account.name, account);
    this.administeredAccounts.add(account);
  }

  /** Stores the charges of a transfer. If it is already prepared, their amounts are held at once. */
  addCharges(transferId: string, charges: readonly Charge[]): void {
    const transfer = this.transfer(transferId);
    const isPrepared = transfer?.state === TransferState.Prepared;
    if (isPrepared) this.subtractHolds(transfer);
    this.opened.charges.set(transferId, [...charges]);
    this.newCharges.set(transferId, charges);
    if (isPrepared) this.openHold(transfer);
  }

  /** Amounts that a transfer and its charges hold, by account, in minor units. */
  holds(transfer: TransferContent): Map<string, bigint> {
    return holdsOf(transfer, this.charges(transfer.id));
  }

  /** Adds a new transfer in state proposed, without an event. */
  addTransfer(content: TransferContent): Transfer {
    const transfer = proposedTransfer(content, this.now);
    this.opened.transfers.set(transfer.id, transfer);
    this.newTransfers.add(transfer);
    if (this.charges(transfer.id).length > 0 && !this.newCharges.has(transfer.id)) this.metCharges.add(transfer.id);
    return transfer;
  }

  /** Adds a new transfer that waits for its authorization. */
  proposeTransfer(content: TransferContent): Transfer {
    const transfer = this.addTransfer(content);
    this.addTransferEvent(transfer);
    return transfer;
  }

  /** Holds the amounts of the transfer and its charges until the condition is fulfilled. */
  prepareTransfer(transfer: Transfer): void {
    this.enterState(transfer, TransferState.Prepared);
    transfer.authorized = true;
    transfer.preparedAt = this.now;
    transfer.openUntil = this.openUntil(transfer);
    this.openHold(transfer);
    this.addTransferEvent(transfer);
  }

  /** Executes a transfer without a condition. @param kind of its entries */
  executeAtOnce(transfer: Transfer, kind: EntryKind = kindOf(transfer)): void {
    this.enterState(transfer, TransferState.Executed);
    transfer.authorized = true;
    transfer.preparedAt = this.now;
    transfer.executedAt = this.now;
    this.postEntries(transfer, kind);
    this.addTransferEvent(transfer);
  }

  /** Executes a prepared transfer. */
  executeTransfer(transfer: Transfer, fulfillment: string): void {
    this.enterState(transfer, TransferState.Executed);
    transfer.executedAt = this.now;
    transfer.fulfillment = fulfillment;
    this.releaseHold(transfer);
    this.postEntries(transfer, kindOf(transfer));
    this.addTransferEvent(transfer);
  }

  /** Rejects a transfer and releases its hold. */
  rejectTransfer(transfer: Transfer, { reason, message = null, fulfillment = null }: RejectionCause): void {
    const wasPrepared = transfer.state === TransferState.Prepared;
    this.enterState(transfer, TransferState.Rejected);
    transfer.rejectedAt = this.now;
    transfer.rejectionReason = reason;
    transfer.rejectionMessage = message;
    transfer.fulfillment = fulfillment;
    if (wasPrepared) this.releaseHold(transfer);
    this.addTransferEvent(transfer);
  }

  /** Adds an event for the subscribers of the message's addressee. */
  sendMessage(message: Message): void {
    this.events.push({ id: randomUUID(), transfer: null, state: null, message });
  }

  private hasToExpire(transfer: Transfer): boolean {
    if (isFinal(transfer.state)) return false;
    const isForgotten =
      transfer.state === TransferState.Proposed && this.isOver(transfer.proposedAt, this.times.proposalLifetimeMs);
    const until = this.openUntil(transfer);
    return isForgotten || (until !== null && this.isOver(until));
  }

  private withGrace({ creditAccount }: Transfer, expiresAt: Date): Date {
    const account = this.account(creditAccount);
    if (!account || !mayHaveGrace(account.accountType)) return expiresAt;
    const graceMs = account.graceS === null ? this.times.lateGraceMs : account.graceS * 1_000;
    return new Date(expiresAt.getTime() + graceMs);
  }

  private enterState(transfer: Transfer, state: TransferState): void {
    if (!isLegalMove(transfer.state, state)) {
      throw new Error(`Transfer ${transfer.id} cannot go from ${transfer.state} to ${state}`);
    }
    transfer.state = state;
  }

  private addTransferEvent(transfer: Transfer): void {
    this.changeTransfer(transfer);
    this.events.push({ id: randomUUID(), transfer, state: transfer.state, message: null });
  }

  private changeTransfer(transfer: Transfer): void {
    if (!this.newTransfers.has(transfer)) this.changedTransfers.add(transfer);
  }

  private openHold(transfer: Transfer): void {
    const holds = this.holds(transfer);
    for (const [account, amount] of holds) this.accountToChange(account).held += amount;
    this.writtenHolds.set(transfer.id, holds);
  }

  private subtractHolds(transfer: Transfer): void {
    for (const [account, amount] of this.holds(transfer)) this.accountToChange(account).held -= amount;
  }

  private releaseHold(transfer: Transfer): void {
    this.subtractHolds(transfer);
    this.writtenHolds.delete(transfer.id);
    // A hold of the same batch is not in the database yet.
    if (!this.newTransfers.has(transfer)) this.closedHolds.add(transfer.id);
  }

  private postEntries(transfer: Transfer, kind: EntryKind): void {
    const { id } = transfer;
    this.bookMovement(id, transfer, kind);
    for (const charge of this.charges(id)) this.bookMovement(id, charge, charge.kind);
  }

  private bookMovement(transferId: string, { debitAccount, creditAccount, amount }: Movement, kind: EntryKind): void {
    this.bookEntry(transferId, debitAccount, -amount, kind);
    this.bookEntry(transferId, creditAccount, amount, kind);
  }

  private bookEntry(transferId: string, name: string, amount: bigint, kind: EntryKind): void {
    const account = this.accountToChange(name);
    account.posted += amount;
    account.hasEntries = true;
    if (kind === EntryKind.Issuance) account.positionBase += amount;
    this.entries.push({ transferId, account: name, amount, balance: account.posted, kind });
  }

  private accountToChange(name: string): Account {
    const account = this.account(name);
    if (!account) throw new Error(`Account ${name} is not in the books`);
    this.changedAccounts.add(account);
    return account;
  }
}

/** Kinds of accounts that may have a grace: connectors, and DFSPs on the central ledger (ruling 39). */
export function mayHaveGrace(kind: AccountType): boolean {
  return kind === AccountType.Connector || kind === AccountType.Dfsp;
}

/** Kind of the entries of a transfer. */
function kindOf({ debitAccount, creditAccount }: Transfer): EntryKind {
  const isIssuance = debitAccount === ISSUANCE_ACCOUNT || creditAccount === ISSUANCE_ACCOUNT;
  return isIssuance ? EntryKind.Issuance : EntryKind.Transfer;
}

type BookedConfirmation = Omit<SettlementConfirmationEntity, 'confirmedAt'>;
type Movement = Pick<Transfer, 'debitAccount' | 'creditAccount' | 'amount'>;

/** What an account may still spend, in minor units: above its floor, and within its net debit cap. Null: unlimited. */
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
  /** Body of the rejection. */
  message?: Transfer['rejectionMessage'];
  /** Fulfillment of the cancellation condition. */
  fulfillment?: string | null;
}
