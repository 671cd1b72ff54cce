import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { TestNetwork } from '../support/test-network.js';
import { agent, type Answer, send, shown } from './fuzz-client.js';
import { KnownValues } from './fuzz-known-values.js';
import { about, type FuzzedRequest, fuzzedRequests, routesOf } from './fuzz-requests.js';
import { changedIn, NetworkRows } from './fuzz-rows.js';
import { keepGoing } from './fuzz-upkeep.js';

/** The same requests each time, so that a change is judged by what it changed; both are read, for other and longer runs: `FUZZ_RUNS=5000 npm run test:e2e -- fuzz-refusals`. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 41_772_903);
const REQUESTS = Number(process.env['FUZZ_RUNS'] ?? 300);
const RUN_TIMEOUT_MS = 300_000 + 500 * REQUESTS;

/** As long as the settings allow: each beat of a ledger's heart changes its head. */
const NO_BEATS = { HEARTBEAT_S: '3600' };

const isRefused = ({ status }: Answer): boolean => status >= 400 && status < 500;

describe(`Refused requests, FUZZ_SEED=${SEED} FUZZ_RUNS=${REQUESTS}`, () => {
  let network: TestNetwork;
  let rows: NetworkRows;

  beforeAll(async () => {
    network = await TestNetwork.start(NO_BEATS);
    rows = await NetworkRows.open(network.running.plan.instances[0]!.environment['DATABASE_URL']!);
  });

  afterAll(async () => {
    agent.destroy();
    await rows.close();
    await network.close();
  });

  const ask = (one: FuzzedRequest): Promise<Answer> => send(new URL(network.url(one.route.role, one.route.dfsp)), one);

  /** Tables that change while a request is refused; none where it is not refused. */
  async function changedBy(request: FuzzedRequest): Promise<{ answer: Answer; tables: string[] }> {
    const before = await rows.readWhenQuiet();
    const answer = await ask(request);
    return { answer, tables: isRefused(answer) ? changedIn(before, await rows.read()) : [] };
  }

  it(
    'change no row of any role',
    async () => {
      const known = new KnownValues();
      await keepGoing(network, known);
      const { plan } = network.running;
      const routes = plan.instances.flatMap((instance) => routesOf(plan, instance));
      const faults: string[] = [];
      let before = await rows.readWhenQuiet();
      let refused = 0;
      let changing = 0;
      for (const request of fuzzedRequests(routes, known, { seed: SEED, count: REQUESTS })) {
        const answer = await ask(request);
        const after = await rows.read();
        if (isRefused(answer)) {
          refused += 1;
          // Something else may have been written at that moment: the same request about another thing decides.
          const suspected = changedIn(before, after);
          const again = suspected.length > 0 ? await changedBy(about(randomUUID(), request)) : undefined;
          const tables = again?.tables.filter((name) => suspected.includes(name)) ?? [];
          if (tables.length > 0)
            faults.push(`${tables.join(', ')}: ${answer.status} ${answer.text} ← ${shown(request)}`);
          before = again ? await rows.readWhenQuiet() : after;
        } else {
          if (changedIn(before, after).length > 0) changing += 1;
          before = await rows.readWhenQuiet();
        }
      }
      // Others are taken, and what they write is seen.
      expect(changing).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(REQUESTS / 4);
      expect(faults.slice(0, 20)).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});
