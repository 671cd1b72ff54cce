import { setTimeout as sleep } from 'node:timers/promises';
import type { RunCommand } from '../../command.js';
import { CommandFailedError } from '../../exit-codes.js';
import { BackgroundNetwork } from './background-network.js';
import { isPageThere } from './network-page.js';
import { isNetworkProcess } from './process-check.js';

const POLL_MS = 100;
/** Longer than the network allows itself. */
const STOPPED_WITHIN_MS = 90_000;

async function untilEnded(pid: number): Promise<boolean> {
  const deadline = performance.now() + STOPPED_WITHIN_MS;
  while (isNetworkProcess(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

/** Stops the network that `levelone up` started, in order. */
export const run: RunCommand<object> = async ({ environment, connection, output }) => {
  const network = new BackgroundNetwork(environment);
  const running = network.find();
  if (!running) {
    network.forget();
    if (await isPageThere(connection.pageUrl)) {
      const message = `the network at ${connection.pageUrl} was not started by levelone up; stop it where it was started`;
      throw new CommandFailedError('NotStartedHere', message);
    }
    output.text('The network does not run.');
    return { json: { wasRunning: false } };
  }
  process.kill(running.pid, 'SIGTERM');
  output.progress('the network stops …');
  if (!(await untilEnded(running.pid))) {
    throw new CommandFailedError('NetworkNotStopped', `process ${running.pid} does not end; its log is ${running.log}`);
  }
  network.forget();
  output.text('The network is stopped; its data stays.');
  return { json: { wasRunning: true, pid: running.pid } };
};
