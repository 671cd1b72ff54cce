import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunCommand } from '../../command.js';
import { CommandFailedError } from '../../exit-codes.js';
import { BackgroundNetwork } from './background-network.js';

const READY = /^The network is ready: (\S+)/m;
const POLL_MS = 200;
const READY_WITHIN_MS = 5 * 60_000;
/** The last lines of a log say why a start failed. */
const SHOWN_LINES = 5;

/** Waits for the line that the network prints when all roles are ready. @throws CommandFailedError */
async function untilReady(network: BackgroundNetwork, child: ChildProcess): Promise<string> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const url = READY.exec(network.logText())?.[1];
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null) {
      network.forget();
      const lines = network.logText().trimEnd().split('\n').slice(-SHOWN_LINES);
      throw new CommandFailedError('NetworkNotStarted', lines.join('\n') || `it ended; its log is ${network.log}`);
    }
    await sleep(POLL_MS);
  }
  throw new CommandFailedError('NetworkNotStarted', `it is not ready in time; its log is ${network.log}`);
}

/** Starts the demo network in the background, and ends when it is ready. */
export const run: RunCommand<object> = async ({ environment, connection, output }) => {
  const network = new BackgroundNetwork(environment);
  const running = network.find();
  if (running) {
    output.text(`The network runs already: ${connection.pageUrl} (process ${running.pid}, log ${running.log})`);
    return { json: { ...running, url: connection.pageUrl, wasRunning: true } };
  }
  const { child, started } = network.start();
  output.progress('the network starts …');
  const url = await untilReady(network, child);
  output.text(`The network is ready: ${url}`, `log: ${started.log}`, 'stop it with: levelone down');
  return { json: { ...started, url, wasRunning: false } };
};
