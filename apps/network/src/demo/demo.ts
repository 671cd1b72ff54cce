import { exitOnStartupError, settingsFromEnvironment } from '@level-one/platform';
import { DemoClient } from './demo-client.js';
import { runDemo, scenarioNamed } from './demo-run.js';
import { NetworkSettings } from '../network.settings.js';

async function run(): Promise<void> {
  const scenario = scenarioNamed(process.argv[2] ?? 'invoice');
  const { portBase } = settingsFromEnvironment(NetworkSettings, process.env);
  await runDemo(await DemoClient.findNetwork(`http://127.0.0.1:${portBase}`), scenario);
}

run().catch(exitOnStartupError('demo'));
