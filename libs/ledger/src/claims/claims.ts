import { type KeyObject, randomUUID } from 'node:crypto';
import { ContractError } from '@level-one/errors';
import { signedDocument } from '@level-one/peers';
import { Tracing } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import {
  hasExpired,
  isFinal,
  Right,
  type Transfer,
  transferError,
  TransferErrorCode,
  TransferState,
} from '@level-one/transfer';
import type { DataSource, EntityManager } from 'typeorm';
import { mayHaveGrace } from '../books/books.js';
import { inTransaction } from '../books/ledger-turn.js';
import { isFulfilled, preimageOf } from '../commands/fulfil-transfer.js';
import type { Ledger } from '../engine/ledger.js';
import { hasRight, type Principal } from '../rules/principal.js';
import type { Claim } from '../schema/claim.entity.js';
import type { Row } from '../schema/rows.js';
import {
  APPROVE_CLAIM,
  APPROVED_CLAIMS,
  CLAIM_COLUMNS,
  INSERT_CLAIM,
  LIST_CLAIMS,
  LOCK_CLAIM,
  MARK_BOOKED,
  OPEN_TIMES,
  REFUSE_CLAIM,
} from './claims-sql.js';
import { ledgerKeysOf } from './ledger-keys.js';
import { provesExecution } from './transfer-statement.js';

const BOOKED_AT_ONCE = 100;
const BOOKING_INTERVAL_MS = 60_000;

export interface ClaimsOptions {
  /** Account of kind `s` that pays; undefined: claims wait until there is one. */
  account: string | undefined;
  /** Keys of the ledgers that follow after this one, by the account of the creditor, besides those that an account has. */
  keys: ReadonlyMap<string, readonly KeyObject[]>;
  /** How long after the end of a transfer it may be claimed, in ms. */
  windowMs: number;
  /** How long a transfer may have been open while the ledger was up, so that a downtime still explains the claim, in ms. */
  upMaxMs: number;
  onError: (error: unknown, claim?: Claim) => void;
  /** Default: no spans. */
  tracing?: Tracing;
}

/** What a creditor presents. */
export interface ClaimRequest {
  /** Minor units. */
  amount: bigint;
  fulfillment: string;
  /** Signed statement of the following ledger. */
  statement: string;
}

/** Claims of creditors who could not present a fulfillment in time (ruling 39). */
export class Claims extends Keeper {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly options: ClaimsOptions,
  ) {
    const { tracing = Tracing.off } = options;
    const logger = { tracing, error: ({ err }: { err?: unknown }) => options.onError(err) };
    super({ name: 'booking of claims', intervalMs: BOOKING_INTERVAL_MS, logger });
  }

  /**
   * Takes a claim, once for each transfer, and pays it if the ledger was down while the fulfillment could have been
   * presented; otherwise it waits for administrators. The same claim again is answered as it stands.
   *
   * @returns whether it is new.
   * @throws ContractError 404 NotFoundError; 403 UnauthorizedError for others than the creditor; 400
   * InvalidModificationError for another claim of the transfer, or one that is executed; 422 AlreadyRolledBackError for
   * one that did not end by its time; 422 ExpiredTransferError after the time for claims; 422 TransferNotConditionalError
   * or UnmetConditionError; 422 UnprocessableEntityError for an account without graces, while the transfer is open, for
   * a larger amount, and for a statement that proves nothing.
   */
  async make(id: string, request: ClaimRequest, principal: Principal): Promise<{ claim: Claim; isNew: boolean }> {
    await this.ledger.expireTransfer(id);
    const transfer = await this.ledger.reads.readTransfer(id, principal);
    if (principal.name !== transfer.creditAccount) throw transferError(TransferErrorCode.Forbidden);
    const made = await inTransaction(this.dataSource, async (manager) => {
      const known = await lockedClaim(manager, id);
      if (known) return { claim: sameClaim(known, request), isNew: false };
      await this.assertClaimable(transfer, request);
      await this.insert(manager, transfer, request);
      return { claim: (await lockedClaim(manager, id))!, isNew: true };
    }).catch((error: unknown) => this.afterRace(error, id, request));
    return { ...made, claim: await this.settle(made.claim) };
  }

  /**
   * Approves a claim; two different administrators pay it. The same one again changes nothing.
   * @throws ContractError 404 NotFoundError, 403 UnauthorizedError for the creditor, 400 InvalidModificationError for a
   * claim that is refused, 422 UnprocessableEntityError while no account pays claims.
   */
  async approve(id: string, principal: Principal): Promise<Claim> {
    const claim = await this.change(id, async (manager, known) => {
      if (known.refusedAt) throw notModifiable('The claim is refused');
      if (known.approvedAt || known.approvedBy.includes(principal.name)) return;
      if (principal.name === known.creditor) throw transferError(TransferErrorCode.Forbidden);
      if (this.options.account === undefined) throw notAllowed('CLAIM_ACCOUNT names no account that pays claims');
      await manager.query(APPROVE_CLAIM, [id, [...known.approvedBy, principal.name], this.options.account]);
    });
    return this.settle(claim);
  }

  /** Ends a claim without paying it. @throws ContractError 404; 400 InvalidModificationError once it is approved */
  refuse(id: string, reason: string, principal: Principal): Promise<Claim> {
    return this.change(id, async (manager, known) => {
      if (known.approvedAt) throw notModifiable('The claim is approved');
      if (!known.refusedAt) await manager.query(REFUSE_CLAIM, [id, principal.name, reason]);
    });
  }

  /** The claim of a transfer, for its creditor, administrators and the right `read`. @throws ContractError 404 */
  async read(id: string, principal: Principal): Promise<Claim> {
    const [row]: Row<Claim>[] = await this.dataSource.query(
      `SELECT ${CLAIM_COLUMNS} FROM claims WHERE transfer_id = $1`,
      [id],
    );
    if (!row || (row.creditor !== principal.name && !hasRight(principal, Right.Read))) throw unknownClaim();
    return claimOf(row);
  }

  /** A page of claims, oldest first: those after the claim of transfer `after`, at most `limit`. */
  async list(page: { isOpen: boolean; after?: string | undefined; limit: number }): Promise<Claim[]> {
    const rows: Row<Claim>[] = await this.dataSource.query(LIST_CLAIMS, [page.isOpen, page.after, page.limit]);
    return rows.map(claimOf);
  }

  /** Pays what is approved and could not be paid yet. */
  protected async sweep(signal: AbortSignal): Promise<void> {
    const rows: Row<Claim>[] = await this.dataSource.query(APPROVED_CLAIMS, [BOOKED_AT_ONCE]);
    for (const row of rows) {
      if (signal.aborted) return;
      await this.settle(claimOf(row));
    }
  }

  /** @returns the claim as it stands, paid if it is approved and can be paid now. */
  private async settle(claim: Claim): Promise<Claim> {
    if (!claim.approvedAt || claim.bookedAt || claim.account === null) return claim;
    try {
      await this.ledger.bookClaim({ ...claim, account: claim.account });
      return await this.change(claim.transferId, (manager) => manager.query(MARK_BOOKED, [claim.transferId]));
    } catch (error) {
      this.options.onError(error, claim);
      return claim;
    }
  }

  private async change(id: string, work: (manager: EntityManager, known: Claim) => Promise<unknown>): Promise<Claim> {
    return inTransaction(this.dataSource, async (manager) => {
      const known = await lockedClaim(manager, id);
      if (!known) throw unknownClaim();
      await work(manager, known);
      return (await lockedClaim(manager, id))!;
    });
  }

  private async insert(manager: EntityManager, transfer: Transfer, request: ClaimRequest): Promise<void> {
    const [times]: { openMs: number; upMs: number; ageMs: number }[] = await manager.query(OPEN_TIMES, [transfer.id]);
    const { openMs, upMs, ageMs } = times!;
    if (ageMs > this.options.windowMs) {
      throw transferError(TransferErrorCode.ExpiredTransfer, {
        message: 'The time for claims of this transfer is over',
      });
    }
    const { account, upMaxMs } = this.options;
    const isAutomatic = account !== undefined && upMs < openMs && upMs <= upMaxMs;
    const { amount, fulfillment, statement } = request;
    await manager.query(INSERT_CLAIM, [
      transfer.id,
      transfer.creditAccount,
      String(amount),
      fulfillment,
      statement,
      isAutomatic,
      account,
      randomUUID(),
    ]);
  }

  private async assertClaimable(transfer: Transfer, { amount, fulfillment, statement }: ClaimRequest): Promise<void> {
    const { accountType, claimLedgerKeys } = await this.ledger.reads.readAccount(transfer.creditAccount);
    if (!mayHaveGrace(accountType)) throw notAllowed('Only connectors and DFSPs claim');
    assertEndedByTime(transfer);
    const preimage = preimageOf(fulfillment);
    if (!isFulfilled(transfer.executionCondition, preimage)) throw transferError(TransferErrorCode.UnmetCondition);
    if (amount > transfer.amount) throw notAllowed('amount: the transfer has less');
    const keys = [...(this.options.keys.get(transfer.creditAccount) ?? []), ...ledgerKeysOf(claimLedgerKeys)];
    if (keys.length === 0) {
      throw notAllowed(
        'neither claim_ledger_keys of this account nor CLAIM_LEDGER_KEYS has a key of a ledger behind it',
      );
    }
    const proof = signedDocument(statement, keys);
    if (!proof) throw notAllowed('statement: no ledger behind this account has signed it');
    if (!provesExecution(proof, transfer, preimage)) {
      throw notAllowed('statement: it does not say that the following transfer was executed in its time');
    }
  }

  /** Two first claims at once: one inserts, the other one finds it. */
  private async afterRace(
    error: unknown,
    id: string,
    request: ClaimRequest,
  ): Promise<{ claim: Claim; isNew: boolean }> {
    const cause = (error as Error).cause as { code?: string } | undefined;
    if (!(error instanceof ContractError) || cause?.code !== UNIQUE_VIOLATION) throw error;
    return { claim: sameClaim(await this.change(id, async () => undefined), request), isNew: false };
  }
}

const UNIQUE_VIOLATION = '23505';

async function lockedClaim(manager: EntityManager, id: string): Promise<Claim | undefined> {
  const [row]: Row<Claim>[] = await manager.query(LOCK_CLAIM, [id]);
  return row && claimOf(row);
}

function claimOf(row: Row<Claim>): Claim {
  return { ...row, amount: BigInt(row.amount) };
}

/** @throws ContractError 400 InvalidModificationError if the known claim is another one. */
function sameClaim(known: Claim, { amount, fulfillment }: ClaimRequest): Claim {
  if (known.amount === amount && known.fulfillment === fulfillment) return known;
  throw notModifiable('The transfer was claimed with other content');
}

/** @throws ContractError unless the ledger ended the transfer after its time, and nobody else did. */
function assertEndedByTime(transfer: Transfer): void {
  const { state, expiresAt, openUntil, rejectedAt, executionCondition } = transfer;
  if (executionCondition === null || expiresAt === null) throw transferError(TransferErrorCode.TransferNotConditional);
  if (state === TransferState.Executed) throw notModifiable('Transfers in state executed are paid');
  if (!isFinal(state)) throw notAllowed('The transfer is open: present its fulfillment');
  if (hasExpired(transfer) && rejectedAt && rejectedAt >= (openUntil ?? expiresAt)) return;
  throw transferError(TransferErrorCode.AlreadyRolledBack);
}

function unknownClaim(): Error {
  return transferError(TransferErrorCode.NotFound, { message: 'This transfer was not claimed' });
}

function notModifiable(message: string): Error {
  return transferError(TransferErrorCode.InvalidModification, { message });
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
