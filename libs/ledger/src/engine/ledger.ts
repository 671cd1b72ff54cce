import { randomUUID } from 'node:crypto';
import {
  AccountType,
  hasLapsed,
  type Rejection,
  type Transfer,
  type TransferRequest,
  TransferState,
} from '@level-one/transfer';
import { Tracing } from '@level-one/platform';
import { DatabaseConnection, type HotStatements, Sweeper, type Working, type WorkRecord } from '@level-one/work';
import { Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import { type Account } from '../schema/account.entity.js';
import { BooksStore, NO_DOWNTIMES_MS } from '../books/books-store.js';
import { bookClaim, type ClaimToBook } from '../commands/book-claim.js';
import type { Charge } from '../schema/charge.entity.js';
import { closeAccount } from './close-account.js';
import { confirmSettlement, type SettlementConfirmation } from '../commands/confirm-settlement.js';
import type { PutOutcome } from '../commands/commands.js';
import { LedgerReads } from './ledger-reads.js';
import { Heartbeat, MISSED_BEATS } from './heartbeat.js';
import { deleteForgotten, MessageRetention } from './forgotten.js';
import { ExecutedTransfers } from './executed-transfers.js';
import { expireTransfer } from '../commands/expire-transfer.js';
import { ExpirySweeper } from './expiry-sweeper.js';
import { fulfilTransfer } from '../commands/fulfil-transfer.js';
import { checkInvariants, type Violation } from '../audit/invariants.js';
import type { CustomerKind } from '../schema/ledger-schema.js';
import type { Downtime } from '../schema/downtime.entity.js';
import type { Message } from '../schema/event.entity.js';
import { type FundsMovement, moveFunds, type MoveFundsOutcome } from '../commands/move-funds.js';
import type { Principal } from '../rules/principal.js';
import { putCharges, type PutChargesOutcome } from '../commands/put-charges.js';
import { LedgerInstances } from '../events/ledger-instances.js';
import { RecentEvents } from '../events/recent-events.js';
import { type AccountChange, putAccount, type PutAccountOutcome } from '../commands/put-account.js';
import { putTransfer } from '../commands/put-transfer.js';
import { rejectTransfer } from '../commands/reject-transfer.js';
import { renewGrace } from '../commands/renew-grace.js';
import { voidTransfer } from '../commands/void-transfer.js';
import { commandWithoutEffect } from '../commands/command-without-effect.js';
import { sendMessage } from '../commands/send-message.js';
import { type QueueCounts, WriteQueue } from './write-queue.js';

/**
 * Server parameters of the writer's connection. A writer that waits too long for its turn gives up; one that is idle
 * inside its transaction loses it before the waiting ones give up. Plans are forced to use keys: they are prepared
 * once, when the tables may still be small.
 */
const WRITER_PARAMETERS = {
  lock_timeout: `'5s'`,
  idle_in_transaction_session_timeout: `'3s'`,
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

const SWEEP_INTERVAL_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface LedgerOptions {
  /** Receives errors of background work, and the name of that work. */
  onError: (error: unknown, work: string) => void;
  /**
   * How long a transfer that credits a connector or a DFSP stays open to it after its expiry, in ms, unless the account
   * has a grace of its own (ruling 39). Default 0.
   */
  lateGraceMs?: number;
  /** How long after its expiry a transfer may be kept open by renewals, in ms. Default: one day. */
  renewalMaxMs?: number;
  /** How long a proposal stays open, in ms. Default: one day. */
  proposalLifetimeMs?: number;
  /** Whether positions of accounts are settled. Default false. */
  settles?: boolean;
  /** Kind of an account whose kind is not given. Default: customer. */
  customerKind?: CustomerKind;
  /** Pause between two heartbeats, in ms. Default: no heartbeat, and nothing counts as a downtime. */
  heartbeatMs?: number;
  /** Called after a downtime that this instance has recorded. */
  onDowntime?: (downtime: Downtime) => void;
  /** Default: no spans. */
  tracing?: Tracing;
  /** Called after this instance has ended a transfer whose creditor let its grace pass. */
  onLapse?: (transfer: Transfer) => void;
}

/**
 * A double-entry ledger with conditional transfers (contract section 3). All changes go through one queue. A change is
 * durable when its promise resolves.
 */
export class Ledger implements Working {
  /** Emits after each commit of this instance that has events. */
  readonly commits = new Subject<void>();
  readonly recentEvents = new RecentEvents();
  readonly instances: LedgerInstances;
  private readonly executed = new ExecutedTransfers();
  private readonly store: BooksStore;
  private readonly queue: WriteQueue;
  private readonly sweeper: ExpirySweeper;
  private readonly heartbeat: Heartbeat | undefined;
  /** Transfers that entered each state, since the start. */
  readonly transferCounts = new Map<TransferState, number>(Object.values(TransferState).map((state) => [state, 0]));
  /** The last check of the invariants; undefined before the first. */
  latestCheck: { at: Date; violations: number } | undefined;
  private lapses = 0;
  private readonly chargesSweeper: Sweeper;
  private readonly messages = new MessageRetention();
  /** What the ledger answers without its queue. */
  readonly reads: LedgerReads;
  private readonly settles: boolean;
  private readonly customerKind: CustomerKind;
  private readonly renewalMaxMs: number;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
    {
      onError,
      lateGraceMs = 0,
      renewalMaxMs = DAY_MS,
      proposalLifetimeMs = DAY_MS,
      settles = false,
      customerKind = AccountType.MobileWallet,
      heartbeatMs,
      onDowntime = () => undefined,
      onLapse = () => undefined,
      tracing = Tracing.off,
    }: LedgerOptions,
  ) {
    this.reads = new LedgerReads(dataSource, statements, this.executed);
    this.settles = settles;
    this.customerKind = customerKind;
    this.renewalMaxMs = renewalMaxMs;
    const downtimeMs = heartbeatMs === undefined ? NO_DOWNTIMES_MS : heartbeatMs * MISSED_BEATS;
    const times = { lateGraceMs, proposalLifetimeMs, downtimeMs };
    const { schema = 'public' } = dataSource.options as { schema?: string };
    this.instances = new LedgerInstances(statements, schema, randomUUID());
    this.store = new BooksStore(new DatabaseConnection(dataSource, WRITER_PARAMETERS), times, this.instances);
    this.queue = new WriteQueue(
      this.store,
      (written) => {
        if (written.downtime) onDowntime(written.downtime);
        if (written.books.events.length === 0) return;
        for (const { state, transfer } of written.books.events) {
          if (state === null) continue;
          this.transferCounts.set(state, (this.transferCounts.get(state) ?? 0) + 1);
          if (state !== TransferState.Rejected || !transfer || !hasLapsed(transfer)) continue;
          this.lapses += 1;
          onLapse({ ...transfer });
        }
        this.recentEvents.addBatch(written);
        this.executed.addBatch(written);
        this.commits.next();
      },
      tracing,
    );
    this.sweeper = new ExpirySweeper(dataSource, {
      expire: (id) => this.expireTransfer(id),
      tracing,
      onError: (error) => onError(error, 'expiry'),
      proposalLifetimeMs,
    });
    if (heartbeatMs !== undefined) {
      this.heartbeat = new Heartbeat(statements, {
        intervalMs: heartbeatMs,
        recordDowntime: () => this.queue.submit(commandWithoutEffect()),
        onError: (error) => onError(error, 'heartbeat'),
      });
    }
    this.chargesSweeper = new Sweeper({
      name: 'deletion of forgotten rows',
      intervalMs: SWEEP_INTERVAL_MS,
      sweep: () => deleteForgotten(dataSource, this.messages),
      logger: { tracing, error: ({ err }: { err?: unknown }) => onError(err, 'deletion of forgotten rows') },
    });
  }

  /** Transfers whose creditor let its grace pass, since the start. */
  get lapseCount(): number {
    return this.lapses;
  }

  get queueCounts(): QueueCounts {
    return this.queue.counts;
  }

  get work(): readonly WorkRecord[] {
    const records = [this.sweeper.record, this.chargesSweeper.record];
    return this.heartbeat ? [...records, this.heartbeat.record] : records;
  }

  /** Starts to expire transfers, to delete forgotten charges and to beat. */
  start(): void {
    this.heartbeat?.start();
    this.sweeper.start();
    this.chargesSweeper.start();
  }

  /** Resolves when all work under way is written. */
  async stop(): Promise<void> {
    await Promise.all([this.sweeper.stop(), this.chargesSweeper.stop(), this.heartbeat?.stop()]);
    await this.queue.whenIdle();
    await this.store.close();
    this.commits.complete();
  }

  /** @throws ContractError of {@link putTransfer} */
  async putTransfer(request: TransferRequest, principal: Principal): Promise<PutOutcome> {
    const outcome = await this.queue.submit(putTransfer(request, principal));
    const { expiresAt } = outcome.transfer;
    if (expiresAt) this.sweeper.watchExpiry(expiresAt);
    return outcome;
  }

  /** @returns the fulfillment as first submitted. @throws ContractError of {@link fulfilTransfer} */
  fulfilTransfer(id: string, fulfillment: string, principal: Principal): Promise<string> {
    return this.queue.submit(fulfilTransfer(id, fulfillment, principal));
  }

  /** @throws ContractError of {@link putCharges} */
  putCharges(transferId: string, charges: readonly Charge[]): Promise<PutChargesOutcome> {
    return this.queue.submit(putCharges(transferId, charges));
  }

  /** @throws ContractError of {@link rejectTransfer} */
  rejectTransfer(id: string, rejection: Rejection, principal: Principal): Promise<Transfer> {
    return this.queue.submit(rejectTransfer(id, rejection, principal));
  }

  /** Rejects a transfer that is open after its end. @returns whether it did. */
  expireTransfer(id: string): Promise<boolean> {
    return this.queue.submit(expireTransfer(id));
  }

  /** @throws ContractError of {@link bookClaim} */
  bookClaim(claim: ClaimToBook): Promise<void> {
    return this.queue.submit(bookClaim(claim));
  }

  /** @throws ContractError of {@link renewGrace} */
  renewGrace(id: string, until: Date, principal: Principal): Promise<Transfer> {
    return this.queue.submit(renewGrace(id, until, principal, this.renewalMaxMs));
  }

  /**
   * @param debitAccount the id becomes void for its debits only.
   * @returns the transfer, if the ledger knows it; undefined if its id is void.
   */
  voidTransfer(id: string, debitAccount?: string): Promise<Transfer | undefined> {
    return this.queue.submit(voidTransfer(id, debitAccount));
  }

  /** Rejects all transfers that are due, without those in their grace. @returns their ids. */
  rejectExpiredTransfers(): Promise<string[]> {
    return this.sweeper.sweep();
  }

  sendMessage(message: Message): Promise<void> {
    return this.queue.submit(sendMessage(message));
  }

  /** @throws ContractError of {@link putAccount} */
  putAccount(change: AccountChange, options?: { onlyNew: boolean }): Promise<PutAccountOutcome> {
    return this.queue.submit(putAccount(change, { ...options, customerKind: this.customerKind }));
  }

  /** @throws ContractError of {@link moveFunds} */
  moveFunds(movement: FundsMovement): Promise<MoveFundsOutcome> {
    return this.queue.submit(moveFunds(movement));
  }

  /** @throws ContractError of {@link closeAccount} */
  async closeAccount(name: string): Promise<Account> {
    await closeAccount(this.dataSource, name, { settles: this.settles });
    return this.reads.readAccount(name);
  }

  /** @throws ContractError of {@link confirmSettlement} */
  confirmSettlement(confirmations: readonly SettlementConfirmation[]): Promise<void> {
    return this.queue.submit(confirmSettlement(confirmations));
  }

  /** Checks all invariants in one snapshot. @returns the violations; empty if all invariants hold. */
  async findViolations(): Promise<Violation[]> {
    const violations = await checkInvariants(this.dataSource);
    this.latestCheck = { at: new Date(), violations: violations.length };
    return violations;
  }
}
