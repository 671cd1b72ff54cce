import type { RunCommand } from '../../command.js';
import { textTable } from '../../output/text-table.js';

const PAGE = 100;

interface Dfsp {
  shortName: string;
  providerUrl: string;
  status?: string;
  keys?: unknown[];
  centralAccount?: string;
}

interface Position {
  account: string;
  unsettled: string;
  held: string;
  net_debit_cap: string | null;
}

/** The DFSPs of the network, with their positions where the central ledger can be asked. */
export const run: RunCommand<object> = async ({ connection, output }) => {
  const dfsps: Dfsp[] = [];
  const directory = connection.centralDirectory();
  for (let page: Dfsp[] | undefined; page === undefined || page.length === PAGE;) {
    const after = dfsps.at(-1)?.shortName;
    page = await directory.read<Dfsp[]>(`/dfsps?limit=${PAGE}${after === undefined ? '' : `&after=${after}`}`);
    dfsps.push(...page);
  }
  const positions = connection.has('centralLedgerUrl')
    ? (await connection.centralLedger().read<{ positions: Position[] }>('/positions')).positions
    : [];
  const participants = dfsps.map((dfsp) => ({
    ...dfsp,
    position: positions.find(({ account }) => account.endsWith(`/accounts/${dfsp.centralAccount ?? dfsp.shortName}`)),
  }));
  output.text(
    ...textTable(
      ['DFSP', 'STATUS', 'SPSP SERVER', 'KEYS', 'POSITION', 'HELD', 'CAP'],
      participants.map(({ shortName, status, providerUrl, keys, position }) => [
        shortName,
        status ?? 'active',
        providerUrl,
        keys?.length ?? 0,
        position?.unsettled,
        position?.held,
        position?.net_debit_cap,
      ]),
    ),
  );
  return { json: { participants } };
};
