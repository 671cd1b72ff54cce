import { ContractError } from '@level-one/errors';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import { databaseUnavailable } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';

/**
 * Runs work that is too rare for the write queue in a transaction of its own.
 *
 * @throws ContractError 503 ServiceUnavailableError if the database fails or a lock takes too long; any ContractError
 * of `work`. Nothing is changed then.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  try {
    return await dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '3s'`);
      return work(manager);
    });
  } catch (cause) {
    if (cause instanceof ContractError) throw cause;
    throw ledgerUnavailable(cause);
  }
}

/** Makes this transaction the only writer of the ledger until it ends; batches wait. */
export async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('UPDATE ledger_head SET writes = writes + 1');
}

/** 503 ServiceUnavailableError, with what the database suffers from if that is the cause. */
export function ledgerUnavailable(cause: unknown): ContractError {
  return databaseUnavailable(cause) ?? transferError(TransferErrorCode.ServiceUnavailable, { cause });
}
