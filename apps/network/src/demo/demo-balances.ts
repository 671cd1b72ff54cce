import { DemoClient, printLine } from './demo-client.js';
import { DEMO_PEOPLE, FEE_ACCOUNTS } from '../seed/demo-people.js';
import { connectorName, DFSPS, type DfspName } from '../plan/topology.js';

/** Balances of all accounts, by the name of ledger and account. */
export async function readBalances(network: DemoClient): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const read = async (role: string, dfsp: DfspName | null, base: string, name: string): Promise<void> => {
    const path = `GET ${base}/accounts/${name}`;
    const { balance } = await network.callRole<{ balance: string }>(role, dfsp, 'admin:admin', path);
    found.set(`${dfsp ?? 'central'} ledger, ${name}`, balance);
  };
  for (const dfsp of DFSPS) {
    const names = DEMO_PEOPLE.filter((person) => person.dfsp === dfsp).map((person) => person.account);
    for (const name of [...names, ...Object.keys(FEE_ACCOUNTS), connectorName(dfsp)]) {
      await read('dfsp-ledger', dfsp, '/ledger', name);
    }
  }
  for (const dfsp of DFSPS) await read('central-ledger', null, '', dfsp);
  return found;
}

/** Prints the accounts whose balance changed. */
export function printBalances(before: Map<string, string>, after: Map<string, string>): void {
  printLine('\nBalances, before → after:');
  for (const [account, balance] of before) {
    const now = after.get(account)!;
    if (now !== balance) printLine(`  ${account.padEnd(38)} ${balance.padStart(12)} → ${now.padStart(12)}`);
  }
}
