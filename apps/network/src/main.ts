import {
  assertPortsFree,
  type EmbeddedDatabase,
  EXAMPLES_PORT_BASE,
  exitOnStartupError,
  ignoreClosedOutput,
  ProcessMetrics,
  settingsFromEnvironment,
  StartupError,
  startEmbeddedDatabase,
  stopOnSignal,
} from '@level-one/platform';
import { firstPayment } from './seed/first-payment.js';
import { databaseFolder, NetworkSettings, instanceEnvironment } from './network.settings.js';
import { demoSecrets } from './plan/secrets.js';
import { CONSOLE } from './console/console-plan.js';
import { type RunningNetwork, startNetwork } from './start-network.js';
import type { Party } from './threads/network-threads.js';
import { RoleThread } from './threads/role-thread.js';
import {
  DATABASE_OFFSET,
  instanceName,
  instanceNamed,
  type NetworkPlan,
  planNetwork,
  topologyOf,
} from './plan/topology.js';

const HOST = '127.0.0.1';
/** Codes of the system for a folder that this user cannot write, or that has no space left. */
const CANNOT_WRITE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EEXIST']);
/** Longest time of a stop, the embedded database included. */
const STOP_WITHIN_MS = 60_000;

function textTable(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n');
}

/** Command of the demo for this network; the demo finds the network by PORT_BASE. */
function demoCommand({ portBase }: NetworkPlan): string {
  return portBase === EXAMPLES_PORT_BASE ? 'npm run demo' : `PORT_BASE=${portBase} npm run demo`;
}

function printAnnouncement(plan: NetworkPlan): void {
  const rows = topologyOf(plan).map(({ role, dfsp, baseUrl, docsUrl }) => [role, dfsp ?? 'centre', baseUrl, docsUrl]);
  const lines = [
    textTable([['ROLE', 'INSTANCE', 'BASE URL', 'SWAGGER'], ...rows]),
    '',
    ...firstPayment(plan),
    `# or run the demo, which prints every hop: ${demoCommand(plan)}`,
    '',
    `The network is ready: ${plan.pageUrl} (Ctrl-C stops it)`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Instances that are left out. @throws StartupError for an unknown name */
function exceptedInstances(plan: NetworkPlan, { except }: NetworkSettings): ReadonlySet<string> {
  const names = except.split(',').filter((name) => name !== '');
  return new Set(names.map((name) => (name === CONSOLE ? name : instanceName(instanceNamed(plan, name)))));
}

async function openDatabase(settings: NetworkSettings): Promise<Pick<EmbeddedDatabase, 'url' | 'stop'>> {
  if (settings.databaseUrl) return { url: settings.databaseUrl, stop: async () => undefined };
  const port = settings.portBase + DATABASE_OFFSET;
  const dataDir = databaseFolder(settings);
  try {
    const tellRestart = (line: string): void => void process.stderr.write(`network: ${line}\n`);
    return await startEmbeddedDatabase({ dataDir, port, tellRestart });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !CANNOT_WRITE.has(code)) throw error;
    throw new StartupError(`the folder ${dataDir} cannot be written: ${code}; set DATA_DIR to one that can be`);
  }
}

/** What runs in the second thread, if there are to be two: about half of the work of a payment. */
const SECOND_THREAD: readonly Party[] = ['dfsp2', 'centre'];

function openThreads({ threads, portBase }: NetworkSettings): ReadonlyMap<Party, RoleThread> {
  if (threads === 1) return new Map();
  const second = new RoleThread({ name: 'network-second-thread', portBase });
  return new Map(SECOND_THREAD.map((party) => [party, second]));
}

async function run(): Promise<void> {
  ignoreClosedOutput();
  const settings = settingsFromEnvironment(NetworkSettings, process.env);
  const planWith = (databaseUrl: string): NetworkPlan =>
    planNetwork({
      portBase: settings.portBase,
      listenOffset: settings.listenOffset,
      databaseUrl,
      secrets: demoSecrets(),
      logLevel: settings.logLevel,
      environment: instanceEnvironment(settings),
    });
  const left = exceptedInstances(planWith(''), settings);
  const own = planWith('').instances.filter((instance) => !left.has(instanceName(instance)));
  const { hasConsole } = settings;
  await assertPortsFree([...(hasConsole ? [settings.portBase] : []), ...own.map(({ port }) => port)], HOST);

  // Before the database starts: the thread loads its program meanwhile.
  const threads = openThreads(settings);
  let network: RunningNetwork | undefined;
  const database = await openDatabase(settings);
  const stop = async (): Promise<void> => {
    await network?.close();
    await database.stop();
  };
  stopOnSignal(stop, STOP_WITHIN_MS);
  try {
    const plan = planWith(database.url);
    const except = plan.instances.filter((instance) => left.has(instanceName(instance)));
    network = await startNetwork(plan, {
      except,
      hasConsole,
      faultsUrl: settings.faultsUrl,
      process: new ProcessMetrics('network'),
      threads,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  printAnnouncement(network.plan);
}

run().catch(exitOnStartupError('network'));
