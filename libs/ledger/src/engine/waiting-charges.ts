import type { DataSource } from 'typeorm';
import { inTransaction, takeTurn } from '../books/ledger-turn.js';

/** Charges come shortly before their transfer. After this time the transfer will not come. */
const FORGOTTEN_AFTER = '1 day';

const FORGOTTEN = `is_waiting AND put_at < ledger_now() - interval '${FORGOTTEN_AFTER}'`;

/** Deletes charges whose transfer did not come within a day. Locks the ledger only if there are some. */
export async function deleteForgottenCharges(dataSource: DataSource): Promise<void> {
  const some: unknown[] = await dataSource.query(`SELECT FROM charges WHERE ${FORGOTTEN} LIMIT 1`);
  if (some.length === 0) return;
  await inTransaction(dataSource, async (manager) => {
    await takeTurn(manager);
    await manager.query(`DELETE FROM charges WHERE ${FORGOTTEN}`);
  });
}
