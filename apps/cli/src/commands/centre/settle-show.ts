import type { RunCommand } from '../../command.js';
import { printWindow, type WindowWithPositions } from './settlements.js';

/** One window with all positions. */
export const run: RunCommand<{ window: string }> = async ({ connection, output }, { window }) => {
  const found = await connection
    .centralLedger()
    .read<WindowWithPositions>(`/settlements/${encodeURIComponent(window)}`);
  printWindow(output, found);
  return { json: found };
};
