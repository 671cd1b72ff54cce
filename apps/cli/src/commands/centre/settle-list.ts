import type { RunCommand } from '../../command.js';
import { textTable } from '../../output/text-table.js';
import type { SettlementWindow } from './settlements.js';

/** Settlement windows, the newest first: the first one is open. */
export const run: RunCommand<{ limit: number }> = async ({ connection, output }, { limit }) => {
  const windows = await connection.centralLedger().read<SettlementWindow[]>(`/settlements?limit=${limit}`);
  output.text(
    ...textTable(
      ['NUMBER', 'WINDOW', 'STATE', 'TRANSFERS', 'OPENED', 'CLOSED', 'SETTLED'],
      windows.map((one) => [
        one.number,
        one.id,
        one.state,
        one.transfer_count,
        one.opened_at,
        one.closed_at,
        one.settled_at,
      ]),
    ),
  );
  return { json: { windows } };
};
