// @ts-check
/** Which cases the kill matrix has, which of them are run, and which share an outage. */
import { Chance } from '../kit/random.mjs';

/** What happens to a role: killed before and after it handles the hop, killed for a while, stopped for a while. */
const KINDS = /** @type {const} */ (['before', 'after', 'away', 'hang']);
/** Where a flow is stopped for it. @type {Record<string, readonly ('before' | 'after')[]>} */
const STOPS = { before: ['before'], after: ['after'], away: ['before', 'after'], hang: ['before'] };
/** Longer than a payment may take, so that its transfers expire meanwhile. */
const AWAY_MS = 30_000;
/** Flows that one outage stops. */
const BATCH = 8;
/** Cases of a sample that share the start of a network. */
const CASES_OF_A_ROLE = 4;

/** @typedef {import('./hop-cases.mjs').HopCase} HopCase */
/** @typedef {{ one: HopCase, kind: KINDS[number], key: string }} Case */
/** @typedef {{ kind: KINDS[number], awayMs: number, stops: import('./outage.mjs').Stop[] }} Batch */

/** The beginning of a case's line, by which it is known. */
export const lineOf = ({ hop, role, flow }, kind) =>
  `${hop.padEnd(8)} ${role.padEnd(24)} ${kind.padEnd(6)} ${flow.padEnd(9)}`;

/**
 * Cases that are run, by role.
 * @param {readonly HopCase[]} hops
 * @param {{ only?: string, sample?: string, seed: number, done: ReadonlySet<string> }} choice
 * @returns {Map<string, Case[]>}
 */
export function casesByRole(hops, { only = '', sample, seed, done }) {
  const wanted = new RegExp(only);
  const all = hops.flatMap((one) => KINDS.map((kind) => ({ one, kind, key: lineOf(one, kind) })));
  const some = all.filter(({ key }) => wanted.test(key) && !done.has(key));
  const byRole = new Map();
  for (const one of sample === undefined ? some : sampleOf(some, Number(sample), new Chance(seed))) {
    byRole.set(roleOf(one), [...(byRole.get(roleOf(one)) ?? []), one]);
  }
  return byRole;
}

const roleOf = (/** @type {Case} */ { one }) => one.role;

/** Cases of few roles, as each of these needs the start of a network. */
function sampleOf(cases, count, chance) {
  const roles = chance.some([...new Set(cases.map(roleOf))], Math.ceil(count / CASES_OF_A_ROLE));
  return chance.some(
    cases.filter((one) => roles.includes(roleOf(one))),
    count,
  );
}

/** Outages of one role. @param {readonly Case[]} cases @returns {Batch[]} */
export function batchesOf(cases) {
  return KINDS.flatMap((kind) => {
    const awayMs = kind === 'away' || kind === 'hang' ? AWAY_MS : 0;
    const stops = cases
      .filter((one) => one.kind === kind)
      .flatMap(({ one }) => (STOPS[kind] ?? []).map((when) => ({ one, when })));
    const count = Math.ceil(stops.length / BATCH);
    return Array.from({ length: count }, (_, at) => ({
      kind,
      awayMs,
      stops: stops.slice(at * BATCH, (at + 1) * BATCH),
    }));
  });
}
