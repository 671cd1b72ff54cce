#!/usr/bin/env node
// @ts-check
/** Outages while payments execute, see docs/faults.md. */
import { fail, optionsOf, runWith, say, SHORT_TIMES } from '../kit/command.mjs';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { outagesOf } from './outages.mjs';
import { runOutage } from './run-outage.mjs';

const USAGE = `Usage: npm run test:outages -- [options]

  --roles=<names>  which are away, one after the other; default central-ledger,dfsp1/dfsp-ledger,dfsp1/ilp-connector
  --how=<kinds>    kill (SIGKILL), hang (SIGSTOP) or both with a comma; default both
  --seconds=<n>    for how long, with commas between; default 12,75
  --grace=<s>      grace of all ledgers, so that it is over when the role is back; default: that of the settings
  --settle=<s>     how long everything may take to end afterwards; default 600
  --folder=<path>  database; default data/test-outages
  --database=<url> another PostgreSQL than the one in that folder
  --port=<n>       first port; default 7800`;

const OPTIONS = /** @type {const} */ ({
  roles: { type: 'string', default: 'central-ledger,dfsp1/dfsp-ledger,dfsp1/ilp-connector' },
  how: { type: 'string', default: 'kill,hang' },
  seconds: { type: 'string', default: '12,75' },
  grace: { type: 'string' },
  settle: { type: 'string', default: '600' },
  folder: { type: 'string', default: 'data/test-outages' },
  database: { type: 'string' },
  port: { type: 'string', default: '7800' },
});

const values = optionsOf(process.argv.slice(2), OPTIONS, USAGE);
const [roles, how, seconds] = [values.roles, values.how, values.seconds].map((text) => text.split(','));
const hows = how.filter((one) => one === 'kill' || one === 'hang');
if (hows.length < how.length || seconds.some((one) => !(Number(one) > 0)) || !(Number(values.settle) > 0)) fail(USAGE);
const outages = outagesOf({ roles, hows, seconds: seconds.map(Number) });
/** With a grace everything is short; without one all settings are as they are. */
const environment =
  values.grace === undefined
    ? { DATABASE_POOL_SIZE: SHORT_TIMES.DATABASE_POOL_SIZE }
    : { ...SHORT_TIMES, LATE_GRACE_S: values.grace, LATE_POLL_MS: '1000', CLAIM_POLL_S: '1' };

/** @type {FaultNetwork | undefined} */
let network;
await runWith(
  async () => {
    const { folder, database: databaseUrl, port } = values;
    network = await FaultNetwork.open({ folder, portBase: Number(port), databaseUrl, environment });
    await network.start(roles);
    let failed = 0;
    say(`${'away'.padEnd(22)} ${'how'.padEnd(5)} away s  ended s  claims  ends`);
    for (const outage of outages) {
      const result = await runOutage(network, outage, Number(values.settle) * 1_000);
      const ends = Object.entries(result.ends).map(([end, count]) => `${count} ${end}`);
      const { role, how: kind, seconds: away } = outage;
      const claims = `${result.claims}${result.approved > 0 ? ` (${result.approved} by people)` : ''}`;
      say(
        `${role.padEnd(22)} ${kind.padEnd(5)} ${String(away).padStart(6)} ${String(result.seconds).padStart(8)}  ` +
          `${claims.padEnd(6)}  ${ends.join(', ')}`,
      );
      for (const fault of result.faults) say(`  FAILED ${fault}`);
      failed += result.faults.length > 0 ? 1 : 0;
    }
    say(`${outages.length} outages, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  },
  async () => network?.close(),
);
