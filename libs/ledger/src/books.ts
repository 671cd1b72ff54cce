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
import type { Account } from './account.entity.js';
import type { Message } from './event.entity.js';

export interface NewEntry {
  transferId: string;
  account: string;
  /** Minor units, negative on the debited account. */
  amount: bigint;
  /** Posted on the account after this entry. */
  balance: bigint;
}

/** Either of a transfer or of a message. */
export interface NewEvent {
  id: string;
  transferId: string | null;
  state: TransferState | null;
  message: Message | null;
}

/** The account that every ledger's money is issued from, so that all its accounts sum to zero (ruling 14). */
export const ISSUANCE_ACCOUNT = 'issuance';

/**
 * The part of the ledger that a batch of commands touches, locked and read from the database, and what the commands
 * changed in it. Later commands of a batch see what earlier ones did; everything is written back together or not at
 * all. Amounts move only through `hold`, `release`, and `post`.
 */
export class Books {
  readonly changedTransfers = new Set<Transfer>();
  readonly changedAccounts = new Set<Account>();
  /** New accounts, and accounts of which more than the funds changed. */
  readonly administeredAccounts = new Set<Account>();
  readonly openedHolds = new Set<Transfer>();
  readonly closedHolds = new Set<Transfer>();
  readonly entries: NewEntry[] = [];
  readonly events: NewEvent[] = [];

  constructor(
    /** By the clock of the database. */
    readonly now: Date,
    private readonly transfers: Map<string, Transfer>,
    private readonly accounts: Map<string, Account>,
  ) {}

  /** A transfer as it is now: one whose time is over is rejected before anybody else can decide about it. */
  transfer(id: string): Transfer | undefined {
    const transfer = this.transfers.get(id);
    if (transfer && isOverdue(transfer, this.now)) this.reject(transfer, { reason: EXPIRED });
    return transfer;
  }

  account(name: string): Account | undefined {
    return this.accounts.get(name);
  }

  /** Takes a new account into the books, or notes that more than the funds of a known one changed. */
  administer(account: Account): void {
    this.accounts.set(account.name, account);
    this.administeredAccounts.add(account);
  }

  /** What an account may still spend, in minor units; null is without bound. */
  available({ posted, held, minimumAllowedBalance }: Account): bigint | null {
    return minimumAllowedBalance === null ? null : posted - held - minimumAllowedBalance;
  }

  /** Takes a new transfer into the books, in state proposed, without a word about it yet. */
  enrol(content: TransferContent): Transfer {
    const transfer = proposedTransfer(content, this.now);
    this.transfers.set(transfer.id, transfer);
    return transfer;
  }

  /** Takes a new transfer into the books that waits for its authorization. */
  propose(content: TransferContent): Transfer {
    const transfer = this.enrol(content);
    this.announce(transfer);
    return transfer;
  }

  /** Holds the amount on the debit account until the condition is fulfilled. */
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
    this.events.push({ id: randomUUID(), transferId: null, state: null, message });
  }

  private enter(transfer: Transfer, state: TransferState): void {
    if (!isLegalMove(transfer.state, state)) {
      throw new Error(`Transfer ${transfer.id} cannot go from ${transfer.state} to ${state}`);
    }
    transfer.state = state;
  }

  private announce(transfer: Transfer): void {
    this.changedTransfers.add(transfer);
    this.events.push({ id: randomUUID(), transferId: transfer.id, state: transfer.state, message: null });
  }

  private hold(transfer: Transfer): void {
    this.party(transfer.debitAccount).held += transfer.amount;
    this.openedHolds.add(transfer);
  }

  private release(transfer: Transfer): void {
    this.party(transfer.debitAccount).held -= transfer.amount;
    // A hold that the same batch opened was never written.
    if (!this.openedHolds.delete(transfer)) this.closedHolds.add(transfer);
  }

  private post(transfer: Transfer): void {
    this.book(transfer.id, transfer.debitAccount, -transfer.amount);
    this.book(transfer.id, transfer.creditAccount, transfer.amount);
  }

  private book(transferId: string, name: string, amount: bigint): void {
    const account = this.party(name);
    account.posted += amount;
    this.entries.push({ transferId, account: name, amount, balance: account.posted });
  }

  private party(name: string): Account {
    const account = this.accounts.get(name);
    if (!account) throw new Error(`Account ${name} is not in the books`);
    this.changedAccounts.add(account);
    return account;
  }
}

export interface RejectionCause {
  reason: string;
  /** What the rejecting party submitted. */
  message?: Transfer['rejectionMessage'];
  /** What fulfilled the cancellation condition. */
  fulfillment?: string | null;
}
