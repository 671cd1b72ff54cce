import { exitOnStartupError, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { balances, printBalances } from './demo-balances.js';
import { DemoClient } from './demo-client.js';
import { payAnInvoice } from './demo-invoice.js';
import { payAQuote } from './demo-quote.js';
import { LAST_HOPS_MS, type Scenario, step } from './demo-scenario.js';
import { NetworkSettings } from './network.settings.js';

const SCENARIOS: Readonly<Record<string, Scenario>> = { invoice: payAnInvoice, quote: payAQuote };

async function run(): Promise<void> {
  const name = process.argv[2] ?? 'invoice';
  const scenario = SCENARIOS[name];
  if (!scenario) throw new StartupError(`there is no demo ${name}; there are ${Object.keys(SCENARIOS).join(', ')}`);
  const { portBase } = settingsFromEnvironment(NetworkSettings, process.env);
  const network = await DemoClient.find(`http://127.0.0.1:${portBase}`);
  const before = await balances(network);
  const listening = new AbortController();
  await new Promise<void>((open, fail) => {
    network.printHops(listening.signal, open).catch((error: Error) => {
      if (!listening.signal.aborted) fail(error);
    });
  });
  await scenario(network, step);
  await sleep(LAST_HOPS_MS);
  listening.abort();
  printBalances(before, await balances(network));
}

run().catch(exitOnStartupError('demo'));
