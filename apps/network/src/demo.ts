import { exitOnStartupError, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_PEOPLE, type DemoPerson } from './demo-people.js';
import type { NetworkHop } from './hop-log.js';
import { NetworkSettings } from './network.settings.js';
import { connectorName, DFSPS, type DfspName, type TopologyEntry } from './topology.js';

const AMOUNT = '10.40';
const REQUEST_TIMEOUT_MS = 90_000;
/** Hops of a step, and the notifications it causes, arrive a moment after its answer. */
const LAST_HOPS_MS = 150;

const alice = personOf('alice');
const bob = personOf('bob');

function personOf(account: string): DemoPerson {
  return DEMO_PEOPLE.find((person) => person.account === account)!;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The running network as a client sees it. */
class Network {
  private constructor(
    private readonly pageUrl: string,
    private readonly topology: TopologyEntry[],
  ) {}

  static async find(pageUrl: string): Promise<Network> {
    try {
      const answer = await fetch(`${pageUrl}/topology`, { signal: AbortSignal.timeout(2_000) });
      return new Network(pageUrl, (await answer.json()) as TopologyEntry[]);
    } catch {
      throw new StartupError(`no network answers at ${pageUrl}; start one with "npm start" in another terminal`);
    }
  }

  /** Asks one DFSP's API, or the ledgers, as its channel would. */
  async ask<T>(role: string, dfsp: DfspName | null, credentials: string, request: string, body?: object): Promise<T> {
    const [method = 'GET', path = ''] = request.split(' ');
    const base = this.topology.find((entry) => entry.role === role && entry.dfsp === dfsp)?.baseUrl ?? '';
    const answer = await fetch(base + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new StartupError(`${method} ${base}${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** Prints every hop as it happens; ends when `signal` does. */
  async printHops(signal: AbortSignal, isOpen: () => void): Promise<void> {
    const answer = await fetch(`${this.pageUrl}/hops/stream`, { signal });
    isOpen();
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) printHop(JSON.parse(line.slice(6)) as NetworkHop);
    }
  }
}

function nameOf(role: string, dfsp: string | null): string {
  return dfsp ? `${dfsp} ${role}` : role;
}

function printHop(hop: NetworkHop): void {
  if (hop.hop.startsWith('support-')) return;
  const ends = `${nameOf(hop.from, hop.fromDfsp)} → ${nameOf(hop.to, hop.toDfsp)}`;
  const outcome =
    hop.method === 'WS'
      ? 'frame'
      : hop.status === null
        ? 'asked'
        : `${hop.status} ${hop.durationMs.toFixed(1).padStart(7)} ms`;
  say(`  ${hop.hop.padEnd(8)} ${ends.padEnd(52)} ${hop.method.padEnd(4)} ${hop.path}  ${outcome}`);
}

async function balances(network: Network): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const read = async (role: string, dfsp: DfspName | null, base: string, name: string): Promise<void> => {
    const path = `GET ${base}/accounts/${name}`;
    const { balance } = await network.ask<{ balance: string }>(role, dfsp, 'admin:admin', path);
    found.set(`${dfsp ?? 'central'} ledger, ${name}`, balance);
  };
  for (const dfsp of DFSPS) {
    const names = DEMO_PEOPLE.filter((person) => person.dfsp === dfsp).map((person) => person.account);
    for (const name of [...names, connectorName(dfsp)]) await read('dfsp-ledger', dfsp, '/ledger', name);
  }
  for (const dfsp of DFSPS) await read('central-ledger', null, '', dfsp);
  return found;
}

interface PendingInvoices {
  invoices: { invoiceNotificationId: string; info: string }[];
}

interface NotifiedInvoice {
  firstName: string;
  lastName: string;
  amount: string;
  currencyCode: string;
  fee: string;
}

async function payAsPeopleDo(network: Network): Promise<void> {
  const atBobs = <T>(request: string, body?: object) =>
    network.ask<T>('dfsp-api', bob.dfsp, `${bob.dfsp}:${bob.dfsp}`, request, body);
  const atAlices = <T>(request: string, body?: object) =>
    network.ask<T>('dfsp-api', alice.dfsp, `${alice.dfsp}:${alice.dfsp}`, request, body);

  const step = async (title: string): Promise<void> => {
    await sleep(LAST_HOPS_MS);
    say(`\n${title}`);
  };

  await step(`The merchant looks up number ${alice.number}:`);
  const client = await atBobs<{ firstName: string; lastName: string }>(`GET /v1/client/${alice.number}`);
  say(`  → ${client.firstName} ${client.lastName}`);

  await step(`${bob.firstName} issues an invoice for ${AMOUNT} USD:`);
  const invoice = await atBobs<{ invoiceId: string }>('POST /v1/merchantInvoice', {
    account: bob.account,
    amount: AMOUNT,
    identifier: alice.number,
    merchantIdentifier: bob.number,
  });
  say(`  → invoice ${invoice.invoiceId}`);

  await step(`${alice.firstName} lists what is pending:`);
  const { invoiceNotificationId } = await newestPending(atAlices);
  const seen = await atAlices<NotifiedInvoice>(`GET /v1/invoiceNotifications/${invoiceNotificationId}`);
  say(`  → ${seen.firstName} ${seen.lastName} asks for ${seen.amount} ${seen.currencyCode}, fee ${seen.fee}`);

  await step(`${alice.firstName} pays:`);
  const started = performance.now();
  const paid = await atAlices<{ status: string }>('PUT /v1/invoiceNotifications/pay', {
    account: alice.account,
    invoiceNotificationId,
  });
  say(`  → ${paid.status} in ${(performance.now() - started).toFixed(0)} ms`);
}

async function newestPending(
  atAlices: <T>(request: string) => Promise<T>,
): Promise<PendingInvoices['invoices'][number]> {
  const { invoices } = await atAlices<PendingInvoices>(`GET /v1/invoiceNotifications/pending/${alice.number}`);
  const newest = invoices[0];
  if (!newest) throw new StartupError('the invoice was not notified; the log of the network tells why');
  return newest;
}

function printBalances(before: Map<string, string>, after: Map<string, string>): void {
  say('\nBalances in USD, before → after:');
  for (const [account, balance] of before) {
    const now = after.get(account)!;
    say(`  ${account.padEnd(38)} ${balance.padStart(12)} → ${now.padStart(12)}${now === balance ? '' : '  *'}`);
  }
}

async function run(): Promise<void> {
  const { portBase } = settingsFromEnvironment(NetworkSettings, process.env);
  const network = await Network.find(`http://127.0.0.1:${portBase}`);
  const before = await balances(network);
  const listening = new AbortController();
  await new Promise<void>((open, fail) => {
    network.printHops(listening.signal, open).catch((error: Error) => {
      if (!listening.signal.aborted) fail(error);
    });
  });
  await payAsPeopleDo(network);
  await sleep(LAST_HOPS_MS);
  listening.abort();
  printBalances(before, await balances(network));
}

run().catch(exitOnStartupError('demo'));
