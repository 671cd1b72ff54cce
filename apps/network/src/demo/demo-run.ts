import { StartupError } from '@level-one/platform';
import { readBalances, printBalances } from './demo-balances.js';
import { type DemoClient, printLine } from './demo-client.js';
import { StepHops } from './demo-hops.js';
import { payAnInvoice } from './demo-invoice.js';
import { payAQuote } from './demo-quote.js';
import { type Scenario, stepsWith } from './demo-scenario.js';

const SCENARIOS: Readonly<Record<string, Scenario>> = { invoice: payAnInvoice, quote: payAQuote };

/** Finds a demo by its name. @throws StartupError with the names of all demos */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new StartupError(`there is no demo ${name}; there are ${Object.keys(SCENARIOS).join(', ')}`);
  return scenario;
}

/** Runs a demo on a running network; prints its steps, their hops and the changed balances. */
export async function runDemo(network: DemoClient, scenario: Scenario): Promise<void> {
  printLine(`The network at ${network.pageUrl} does this:`);
  const before = await readBalances(network);
  const hops = await StepHops.openStream(network);
  try {
    await scenario(network, stepsWith(hops));
  } finally {
    hops.stop();
  }
  printBalances(before, await readBalances(network));
}
