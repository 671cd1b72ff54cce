import type { RoleReader } from '../../../../network/src/role-reader.js';
import type { RunCommand } from '../../command.js';
import { WrongUseError } from '../../exit-codes.js';
import { textTable } from '../../output/text-table.js';

const PAGE = 200;

interface Account {
  name: string;
  accountType?: string;
  balance?: string;
  held?: string;
}

interface LedgerBalances {
  ledger: string;
  currency: string;
  accounts: Account[];
}

async function readAccounts(ledger: RoleReader): Promise<Account[]> {
  const accounts: Account[] = [];
  for (;;) {
    const last = accounts.at(-1)?.name;
    const after = last === undefined ? '' : `&after=${encodeURIComponent(last)}`;
    const page = await ledger.read<Account[]>(`/accounts?limit=${PAGE}${after}`);
    accounts.push(...page);
    if (page.length < PAGE) return accounts;
  }
}

async function readLedger(name: string, ledger: RoleReader): Promise<LedgerBalances> {
  const { currency_code: currency } = await ledger.read<{ currency_code: string }>('');
  return { ledger: name, currency, accounts: await readAccounts(ledger) };
}

/** Balances and holds of every account of the ledgers that can be asked. */
export const run: RunCommand<object> = async ({ connection, output }) => {
  const ledgers: [string, RoleReader][] = [
    ...(connection.has('dfspLedgerUrl')
      ? connection.dfsps.map((dfsp): [string, RoleReader] => [dfsp, connection.ledger(dfsp)])
      : []),
    ...(connection.has('centralLedgerUrl')
      ? [['centre', connection.centralLedger()] satisfies [string, RoleReader]]
      : []),
  ];
  if (ledgers.length === 0) throw new WrongUseError('this command needs --dfsp-ledger-url or --central-ledger-url');
  const found: LedgerBalances[] = [];
  for (const [name, ledger] of ledgers) {
    output.progress(`reads the ledger of ${name} …`);
    found.push(await readLedger(name, ledger));
  }
  const rows = found.flatMap(({ ledger, currency, accounts }) =>
    accounts.map(({ name, accountType, balance, held }) => [ledger, name, accountType, balance, held, currency]),
  );
  output.text(...textTable(['LEDGER', 'ACCOUNT', 'TYPE', 'BALANCE', 'HELD', 'CURRENCY'], rows));
  return { json: { ledgers: found } };
};
