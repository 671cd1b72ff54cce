import {
  describeSettings,
  embeddedDatabaseUrl,
  exitOnStartupError,
  settingsFromEnvironment,
  StartupError,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from './definitions.js';
import { databaseFolder, NetworkSettings, instanceEnvironment } from './network.settings.js';
import { demoSecrets } from './plan/secrets.js';
import { CONSOLE, planConsole } from './console/console-plan.js';
import { DATABASE_OFFSET, instanceNamed, planNetwork } from './plan/topology.js';

/** Prints the environment of one instance of the demo network, for a shell that runs this instance or a replacement. */
async function run(): Promise<void> {
  const name = process.argv[2];
  if (name === undefined)
    throw new StartupError('give the name of an instance, for example: npm run -s settings -- dfsp2/spsp-backend');
  const settings = settingsFromEnvironment(NetworkSettings, process.env);
  const { portBase, databaseUrl, listenOffset } = settings;
  const database = { dataDir: databaseFolder(settings), port: portBase + DATABASE_OFFSET };
  const plan = planNetwork({
    portBase,
    listenOffset,
    databaseUrl: databaseUrl ?? (await embeddedDatabaseUrl(database)),
    secrets: demoSecrets(),
    logLevel: 'info',
    environment: instanceEnvironment(settings),
  });
  const { role, environment } = name === CONSOLE ? planConsole(plan) : instanceNamed(plan, name);
  for (const { env } of describeSettings(ROLE_DEFINITIONS[role].settings)) {
    const value = environment[env];
    if (value !== undefined) process.stdout.write(`export ${env}='${value}'\n`);
  }
}

run().catch(exitOnStartupError('settings'));
