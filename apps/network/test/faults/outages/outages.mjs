// @ts-check
/** Which roles are away, how and for how long, while payments execute. */

/** Where payments are stopped when the outage begins. T3 is executed then; at `V.F`, T2 is, too. */
const MOMENTS = /** @type {Record<string, string>} */ ({
  'central-ledger': 'V.D',
  'dfsp1/dfsp-ledger': 'V.F',
  'dfsp1/ilp-connector': 'V.D',
});

/** @typedef {{ role: string, how: 'kill' | 'hang', seconds: number, hop: string }} Outage */

/** @param {{ roles: readonly string[], hows: readonly ('kill' | 'hang')[], seconds: readonly number[] }} choice @returns {Outage[]} */
export function outagesOf({ roles, hows, seconds }) {
  return roles.flatMap((role) => {
    const hop = MOMENTS[role];
    if (hop === undefined) throw new Error(`one of ${Object.keys(MOMENTS).join(', ')} can be away, not ${role}`);
    return hows.flatMap((how) => seconds.map((one) => ({ role, how, seconds: one, hop })));
  });
}
