import {
  EXPIRED,
  hasExpired,
  isAccountName,
  type Transfer,
  transferError,
  TransferErrorCode,
  TransferState,
} from '@level-one/transfer';
import type { HotStatements } from '@level-one/work';
import type { DataSource } from 'typeorm';
import { ledgerUnavailable } from '../books/ledger-turn.js';
import { mayReadTransfer, type Principal } from '../rules/principal.js';
import { ACCOUNT_COLUMNS, accountOf, type AccountRow } from '../schema/account-columns.js';
import type { Account } from '../schema/account.entity.js';
import type { Charge } from '../schema/charge.entity.js';
import type { Downtime } from '../schema/downtime.entity.js';
import { CHARGE_COLUMNS, chargeOf, type Row, TRANSFER_COLUMNS, transferOf } from '../schema/rows.js';
import {
  type AccountPosition,
  accountPositionOf,
  type AccountPositionRow,
  READ_POSITIONS,
} from '../settlement/positions.js';
import type { ExecutedTransfers } from './executed-transfers.js';

/** Condition of {@link hasLapsed}, in the words of an index, for all creditors or one ($1). */
const LAPSED = `
  state = 'rejected' AND open_until > expires_at AND rejected_at >= open_until
  AND rejection_reason = '${EXPIRED}' AND rejection_message IS NULL AND ($1::text IS NULL OR credit_account = $1)`;

/** Before all ids. */
const NIL_ID = '00000000-0000-0000-0000-000000000000';
/** What a ledger answers from its rows. */
export class LedgerReads {
  private readonly hot: HotReads;

  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
    private readonly executed: ExecutedTransfers,
  ) {
    this.hot = hotReadsOf(statements);
  }

  /** Charges of a transfer, in order. */
  async listCharges(transferId: string): Promise<Charge[]> {
    return (await answerOf(this.hot.charges(transferId))).map(chargeOf);
  }

  /**
   * @param reader the caller; a transfer that it may not read is answered as not found.
   * @throws ContractError 404 NotFoundError
   */
  async readTransfer(id: string, reader?: Principal): Promise<Transfer> {
    const transfer = await this.findTransfer(id, reader);
    if (!transfer) throw transferError(TransferErrorCode.NotFound);
    return transfer;
  }

  /**
   * The fulfillment that executed a transfer (N68). @throws ContractError 404, or 422 with the reason why there is
   * none.
   */
  async readFulfillment(id: string, reader?: Principal): Promise<string> {
    const transfer = await this.findTransfer(id, reader);
    if (!transfer) throw transferError(TransferErrorCode.TransferNotFound);
    if (transfer.executionCondition === null) throw transferError(TransferErrorCode.TransferNotConditional);
    if (transfer.fulfillment !== null) return transfer.fulfillment;
    if (hasExpired(transfer)) {
      const message = 'This transfer expired before it was fulfilled';
      throw transferError(TransferErrorCode.MissingFulfillment, { message });
    }
    throw transferError(
      transfer.state === TransferState.Rejected
        ? TransferErrorCode.AlreadyRolledBack
        : TransferErrorCode.MissingFulfillment,
    );
  }

  /** @throws ContractError 404 NotFoundError */
  async readAccount(name: string): Promise<Account> {
    const account = await this.findAccount(name);
    if (!account) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown account' });
    return account;
  }

  async findAccount(name: string): Promise<Account | undefined> {
    if (!isAccountName(name)) return undefined;
    const [row] = await answerOf(this.hot.account(name));
    return row && accountOf(row);
  }

  /** Existing accounts among the names. */
  async findAccounts(names: readonly string[]): Promise<Account[]> {
    const sql = `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE name = ANY($1)`;
    return (await this.queryRows<AccountRow>(sql, [names])).map(accountOf);
  }

  /** Accounts sorted by name: those after `after`, at most `limit`, all without it. */
  async listAccounts({ after = '', limit = null }: { after?: string; limit?: number | null }): Promise<Account[]> {
    const sql = `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE name > $1 ORDER BY name LIMIT $2`;
    return (await this.queryRows<AccountRow>(sql, [after, limit])).map(accountOf);
  }

  /**
   * A page of the open transfers that credit an account and are past their expiry, sorted by id: those after `after`, at
   * most `limit`.
   */
  async listLateTransfers(account: string, { after, limit }: { after?: string; limit: number }): Promise<Transfer[]> {
    const rows = await this.queryRows<Row<Transfer>>(
      `SELECT ${TRANSFER_COLUMNS} FROM transfers
       WHERE state = 'prepared' AND expires_at <= ledger_now()
         AND (open_until IS NULL OR open_until > ledger_now()) AND credit_account = $1 AND id > $2
       ORDER BY id LIMIT $3`,
      [account, after ?? NIL_ID, limit],
    );
    return rows.map(transferOf);
  }

  /**
   * A page of the transfers whose creditor let their grace pass, newest first: those before the transfer `before`, at
   * most `limit`; and how many there are in all.
   *
   * @param account only transfers that credit it; undefined: all.
   */
  async listLapsedTransfers(
    account: string | undefined,
    { before, limit }: { before?: string | undefined; limit: number },
  ): Promise<{ transfers: Transfer[]; count: number }> {
    const [rows, [counted]] = await Promise.all([
      this.queryRows<Row<Transfer>>(
        `SELECT ${TRANSFER_COLUMNS} FROM transfers
         WHERE ${LAPSED} AND ($2::uuid IS NULL OR (rejected_at, id) < (SELECT rejected_at, id FROM transfers WHERE id = $2))
         ORDER BY rejected_at DESC, id DESC LIMIT $3`,
        [account, before, limit],
      ),
      this.queryRows<{ count: number }>(`SELECT count(*)::int FROM transfers WHERE ${LAPSED}`, [account]),
    ]);
    return { transfers: rows.map(transferOf), count: counted?.count ?? 0 };
  }

  /** A page of the recorded downtimes, newest first: those before the one with id `before`, at most `limit`. */
  async listDowntimes({ before, limit }: { before?: string | undefined; limit: number }): Promise<Downtime[]> {
    return this.queryRows<Downtime>(
      `SELECT id, began_at AS "beganAt", ended_at AS "endedAt", extended FROM downtimes
       WHERE id < coalesce($1::bigint, 9223372036854775807) ORDER BY id DESC LIMIT $2`,
      [before, limit],
    );
  }

  /** Accounts that belong to connectors, sorted by name. */
  async listConnectors(): Promise<Account[]> {
    const rows = await this.queryRows<AccountRow>(
      `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE account_type = 'con' AND NOT is_disabled ORDER BY name`,
    );
    return rows.map(accountOf);
  }

  /**
   * Names of customers' accounts with direct use whose floor is below zero, sorted, at most `limit`. Such accounts are
   * from before accounts had kinds and are probably the DFSP's own.
   */
  async listCustomersBelowZero(limit: number): Promise<string[]> {
    const rows = await this.queryRows<{ name: string }>(
      `SELECT name FROM accounts
       WHERE account_type = 'mw' AND direct_use AND coalesce(minimum_allowed_balance < 0, true) AND closed_at IS NULL
       ORDER BY name LIMIT $1`,
      [limit],
    );
    return rows.map(({ name }) => name);
  }

  /** Positions of all accounts, sorted by name. */
  async listPositions(): Promise<AccountPosition[]> {
    return (await this.queryRows<AccountPositionRow>(READ_POSITIONS, [null])).map(accountPositionOf);
  }

  /** Position of one account. @throws ContractError 404 NotFoundError */
  async readPosition(account: string): Promise<AccountPosition> {
    const [row] = isAccountName(account) ? await this.queryRows<AccountPositionRow>(READ_POSITIONS, [account]) : [];
    if (!row) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown account' });
    return accountPositionOf(row);
  }

  private async findTransfer(id: string, reader?: Principal): Promise<Transfer | undefined> {
    const transfer = this.executed.find(id) ?? (await this.readFromDatabase(id));
    return transfer && (!reader || mayReadTransfer(reader, transfer)) ? transfer : undefined;
  }

  private async readFromDatabase(id: string): Promise<Transfer | undefined> {
    const [row] = await answerOf(this.hot.transfer(id));
    return row && transferOf(row);
  }

  /** For what is rarely read. @throws ContractError 503 ServiceUnavailableError */
  private queryRows<T>(query: string, parameters: unknown[] = []): Promise<T[]> {
    return answerOf(this.dataSource.query<T[]>(query, parameters));
  }
}

/** Reads of the API that every payment needs. */
type HotReads = ReturnType<typeof hotReadsOf>;

function hotReadsOf(statements: HotStatements) {
  return {
    transfer: statements.prepare<Row<Transfer>>(`SELECT ${TRANSFER_COLUMNS} FROM transfers WHERE id = $1`),
    charges: statements.prepare<Row<Charge>>(
      `SELECT ${CHARGE_COLUMNS} FROM charges WHERE transfer_id = $1 ORDER BY position`,
    ),
    account: statements.prepare<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE name = $1`),
  };
}

/** @throws ContractError 503 ServiceUnavailableError if the database does not answer */
async function answerOf<T>(rows: Promise<T[]>): Promise<T[]> {
  try {
    return await rows;
  } catch (cause) {
    throw ledgerUnavailable(cause);
  }
}
