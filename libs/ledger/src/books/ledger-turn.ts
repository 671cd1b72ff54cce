import { ContractError } from '@level-one/errors';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource, EntityManager } from 'typeorm';

/**
 * Runs rare work in one transaction of its own, beside the batches.
 *
 * @throws ContractError 503 ServiceUnavailableError when the database fails or a lock does not come in time; whatever
 *   ContractError `work` throws, with nothing changed.
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
    throw transferError(TransferErrorCode.ServiceUnavailable, { cause });
  }
}

/** Makes the transaction the ledger's only writer until it ends: batches wait, and nothing of theirs is half done. */
export async function takeTurn(manager: EntityManager): Promise<void> {
  await manager.query('SELECT 1 FROM ledger_head FOR UPDATE');
}
