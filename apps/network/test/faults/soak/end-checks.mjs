// @ts-check
/** What the network's own commands find when all that was begun has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readOpen } from '../../../../../dist/apps/network/src/open/read-open.js';
import { findDifferences } from '../../../../../dist/libs/reconciliation/src/index.js';
import { placesOfNetwork } from '../../../../../dist/apps/cli/src/commands/checks/reconcile-places.js';

/** By then background work has ended what was due. */
const OVERDUE_MS = 120_000;
const POLL_MS = 1_000;

/** States that are open for longer than they may be. @param {{ portBase: number }} place @returns {Promise<string[]>} */
async function overdueIn({ portBase }) {
  const found = [];
  for await (const { name, overdue, failure } of readOpen({
    portBase,
    roleUrls: undefined,
    operatorCredentials: undefined,
  })) {
    if (failure !== undefined) found.push(`${name}: ${failure}`);
    for (const { kind, entries } of overdue) {
      found.push(`${name}: overdue ${kind} ${entries.map(({ id }) => id).join(', ')}`);
    }
  }
  return found;
}

/** What `npm run open` and `npm run reconcile` say that is not as it should be. @param {{ portBase: number }} place */
export async function foundByCommands(place) {
  const until = Date.now() + OVERDUE_MS;
  let found = await overdueIn(place);
  while (found.length > 0 && Date.now() < until) {
    await sleep(POLL_MS);
    found = await overdueIn(place);
  }
  for await (const finding of findDifferences(placesOfNetwork(place), { from: undefined, tell: () => undefined })) {
    if (finding.isOpen) continue;
    found.push(`reconcile: ${finding.kind} ${finding.paymentId ?? finding.subject ?? ''}: ${finding.found}`);
  }
  return found;
}
