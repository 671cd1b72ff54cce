// @ts-check
/** Cases of the kill matrix: each hop of the table, the role that serves it, and the flow in which it happens. */
import { HOPS } from '../../../../../dist/libs/peers/src/index.js';

/** Hops that happen only after a fault, or that an existing answer makes needless. */
export const NEEDS_A_FAULT = new Set(['S.F']);

/** @typedef {import('@level-one/testing').FaultRule} FaultRule */
/** @typedef {{ hop: string, timeoutMs: number, role: string, flow: string, match: Omit<FaultRule, 'action'>, account?: string }} HopCase */

const DFSP_OF = { payer: 'dfsp1', payee: 'dfsp2' };

/** Account by which a role subscribes at the ledger of a place. */
function subscriberOf(role, dfsp, isAtCentre) {
  if (role !== 'ilp-connector') return role;
  return isAtCentre ? dfsp : `${dfsp}-testconnector`;
}

const STATE_OF_UPDATE = { V: 'executed', R: 'rejected' };

/** Frames from the sides of a payment from dfsp1 to dfsp2, one for each role that receives them. */
function frameCases({ id, from, to, fromSide, toSide, path, timeoutMs }) {
  const isAtCentre = fromSide === 'centre';
  const dfsp = DFSP_OF[toSide];
  const place = isAtCentre ? from : `${DFSP_OF[fromSide]}/${from}`;
  const state = path === 'transfer.create' ? 'prepared' : STATE_OF_UPDATE[id[0]];
  return [to].flat().map((role) => {
    const account = `^${subscriberOf(role, dfsp, isAtCentre)}$`;
    const match = { kind: /** @type {const} */ ('frame'), place, event: path, state, account };
    return { hop: id, timeoutMs, role: `${dfsp}/${role}`, match, account: `^(${dfsp}|${dfsp}-testconnector|${role})$` };
  });
}

/** Whether a passage is the one that a rule is for. */
function fits(match, passage) {
  return Object.entries(match).every(([name, wanted]) =>
    name === 'account' ? new RegExp(wanted).test(passage.account ?? '') : passage[name] === wanted,
  );
}

/**
 * Cases of the hops that were seen in each flow; a hop of several flows is tried in one of them, by turns.
 * @param {Map<string, import('@level-one/testing').Passage[]>} seen passages by flow
 * @param {number} seed
 * @returns {{ cases: HopCase[], unseen: string[] }}
 */
export function hopCases(seen, seed) {
  const cases = [];
  const unseen = [];
  for (const [index, hop] of HOPS.entries()) {
    const places = hop.method === 'WS' ? frameCases(hop) : requestCases(hop, seen);
    let isSeen = false;
    for (const one of places) {
      const flows = [...seen].filter(([, passages]) => passages.some((passage) => fits(one.match, passage)));
      // A flow that goes well to its end, if there is one; else the first in which it happens.
      const usual = flows.filter(([name]) => ['invoice', 'quoted'].includes(name));
      const some = usual.length > 0 ? usual : flows.slice(0, 1);
      const flow = some[(seed + index) % Math.max(some.length, 1)]?.[0];
      if (flow === undefined) continue;
      isSeen = true;
      cases.push({ ...one, flow });
    }
    if (!isSeen) unseen.push(hop.id);
  }
  return { cases, unseen };
}

/** The places at which a hop was seen to be served. */
function requestCases({ id, timeoutMs }, seen) {
  const all = [...seen.values()].flat().filter((passage) => passage.hop === id && passage.kind === 'request');
  return [...new Set(all.map(({ place }) => place))].map((place) => ({
    hop: id,
    timeoutMs,
    role: place,
    match: { kind: /** @type {const} */ ('request'), hop: id, place },
  }));
}
