import type { RunCommand } from '../../command.js';
import { textFields } from '../../output/text-table.js';

interface Found {
  identifier: string;
  name: string;
  currencyCode: string;
  spspReceiver: string;
}

/** Looks a number up, wherever its DFSP is. */
export const run: RunCommand<{ number: string }> = async ({ connection, output }, { number }) => {
  const found = await connection.apiOf().read<Found>(`/client/${encodeURIComponent(number)}`);
  output.text(
    ...textFields({
      number: found.identifier,
      name: found.name,
      currency: found.currencyCode,
      'SPSP server': found.spspReceiver,
    }),
  );
  return { json: found };
};
