import type { RunCommand } from '../../command.js';
import { textTable } from '../../output/text-table.js';
import type { SettlementWindow } from './settlements.js';

interface Options {
  limit: number;
  before?: string;
}

/** Settlement windows, the newest first: the first one is open. */
export const run: RunCommand<Options> = async ({ connection, output }, { limit, before }) => {
  const query = new URLSearchParams({ limit: String(limit), ...(before !== undefined && { before }) });
  const windows = await connection.centralLedger().read<SettlementWindow[]>(`/settlements?${query.toString()}`);
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
  const last = windows.at(-1);
  if (windows.length === limit && last && last.number > 1) output.text('', `more: --before ${last.number}`);
  return { json: { windows } };
};
