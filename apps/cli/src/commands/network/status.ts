import type { RunCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { textTable } from '../../output/text-table.js';
import { BackgroundNetwork } from './background-network.js';
import { healthOf, listInstances } from './network-page.js';

/** Says whether the demo network runs, and how each of its roles is. */
export const run: RunCommand<object> = async ({ environment, connection, output }) => {
  const background = new BackgroundNetwork(environment).find();
  const instances = await listInstances(connection.pageUrl);
  if (!instances) {
    const what = background ? `process ${background.pid} runs and does not answer` : 'the network does not run';
    output.text(`${what}: ${connection.pageUrl}`);
    return { json: { running: false, url: connection.pageUrl, ...background }, exitCode: EXIT.notReachable };
  }
  const roles = await Promise.all(
    instances.map(async ({ role, dfsp, baseUrl }) => ({
      role,
      place: dfsp ?? 'centre',
      url: baseUrl,
      health: await healthOf(baseUrl),
    })),
  );
  const isHealthy = roles.every(({ health }) => health === 'OK');
  const process = background ? `process ${background.pid}, log ${background.log}` : 'not started by levelone up';
  output.text(`The network runs: ${connection.pageUrl} (${process})`, '');
  output.text(
    ...textTable(
      ['ROLE', 'PLACE', 'URL', 'HEALTH'],
      roles.map(({ role, place, url, health }) => [role, place, url, health]),
    ),
  );
  const json = { running: true, url: connection.pageUrl, ...background, roles };
  return { json, exitCode: isHealthy ? EXIT.done : EXIT.refused };
};
