// @ts-check
/** What happens to a network in a soak: each is done, and undone before it returns. */
import { setTimeout as sleep } from 'node:timers/promises';
import { HOPS } from '../../../../../dist/libs/peers/src/index.js';
import { REST } from '../kit/fault-network.mjs';

/** Schemas whose disk may be full. */
const SCHEMAS = [
  'dfsp1_dfsp_ledger',
  'central_central_ledger',
  'dfsp2_dfsp_ledger',
  'dfsp1_dfsp_api',
  'dfsp2_dfsp_api',
];
const REQUEST_HOPS = HOPS.filter(({ method, from }) => method !== 'WS' && from !== 'channel').map(({ id }) => id);
/** A clock that is wrong by less than anybody minds. */
const SKEW_MAX_MS = 1_500;

/**
 * @typedef {{ network: import('../kit/fault-network.mjs').FaultNetwork, chance: import('../kit/random.mjs').Chance, hangMaxMs: number }} Scene
 */

/** A time, short ones more often than long ones. @param {Scene} scene */
const someTime = ({ chance, hangMaxMs }) => 1_000 + chance.next() ** 3 * (hangMaxMs - 1_000);

/** @param {Scene} scene */
const someRole = ({ network, chance }) => chance.pick([...network.programs.keys()].filter((name) => name !== REST));

const seconds = (ms) => `${(ms / 1_000).toFixed(1)} s`;

/**
 * Things that happen to processes. Each says what it is going to do, and answers what does it.
 * @type {Record<string, (scene: Scene) => [string, () => Promise<unknown>]>}
 */
export const TO_PROCESSES = {
  kill: (scene) => {
    const { network, chance } = scene;
    const role = someRole(scene);
    const awayMs = chance.next() < 0.5 ? 0 : someTime(scene);
    return [
      `kill ${role}, away for ${seconds(awayMs)}`,
      () => downFor(network, role, awayMs, () => network.kill(role)),
    ];
  },
  stop: (scene) => {
    const { network } = scene;
    const role = someRole(scene);
    return [`stop ${role} politely`, () => downFor(network, role, 0, () => network.programs.get(role)?.stop())];
  },
  hang: (scene) => {
    const { network, chance } = scene;
    const role = chance.pick([...network.programs.keys()]);
    const ms = someTime(scene);
    return [`hang ${role} for ${seconds(ms)}`, () => hangFor(network, role, ms)];
  },
  killRest: ({ network }) => [`kill ${REST}`, () => downFor(network, REST, 0, () => network.kill(REST))],
  skew: (scene) => {
    const { network, chance } = scene;
    const role = someRole(scene);
    const clockSkewMs = Math.round(chance.between(-SKEW_MAX_MS, SKEW_MAX_MS));
    const begin = () => network.kill(role);
    return [`kill ${role}, its clock ${clockSkewMs} ms ahead`, () => downFor(network, role, 0, begin, { clockSkewMs })];
  },
};

/** Things that happen to the database, and between roles. @type {typeof TO_PROCESSES} */
export const TO_OTHERS = {
  cutDatabase: ({ network }) => ['cut all connections of the database', () => network.databaseFaults.cutConnections()],
  readOnly: (scene) => {
    const ms = someTime(scene) / 3;
    const { databaseFaults } = scene.network;
    const during = (isOn) => databaseFaults.makeReadOnly(isOn);
    return [`the database is read-only for ${seconds(ms)}`, () => whileOn(ms, during)];
  },
  full: (scene) => {
    const schema = scene.chance.pick(SCHEMAS);
    const ms = someTime(scene) / 3;
    const during = (isOn) => scene.network.databaseFaults.makeFull(schema, isOn);
    return [`${schema} is full for ${seconds(ms)}`, () => whileOn(ms, during)];
  },
  freeze: (scene) => {
    const ms = someTime(scene) / 3;
    const { databaseFaults } = scene.network;
    const during = (isOn) => (isOn ? databaseFaults.freeze() : databaseFaults.thaw());
    return [`the database hangs for ${seconds(ms)}`, () => whileOn(ms, during)];
  },
  wire: ({ network, chance }) => {
    const hop = chance.pick(REQUEST_HOPS);
    const times = Math.ceil(chance.between(0, 5));
    const action = chance.pick(
      /** @type {const} */ ([
        { do: 'cut', when: 'before' },
        { do: 'cut', when: 'after' },
        { do: 'duplicate' },
        { do: 'delay', ms: 3_000 },
        { do: 'late', ms: 2_000 },
        { do: 'refuse', status: 503, id: 'ServiceUnavailableError' },
      ]),
    );
    return [`${hop}: ${JSON.stringify(action)} ${times} times`, async () => network.faults.add({ hop, times, action })];
  },
};

async function downFor(network, name, awayMs, begin, how = {}) {
  network.isAway.add(name);
  await begin();
  await network.kill(name);
  await sleep(awayMs);
  await network.restart(name, how);
  network.isAway.delete(name);
}

async function hangFor(network, name, ms) {
  const program = network.programs.get(name);
  program?.hang();
  await sleep(ms);
  program?.wakeUp();
}

async function whileOn(ms, during) {
  await during(true);
  await sleep(ms);
  await during(false);
}
