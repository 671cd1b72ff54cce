// @ts-check
/** Ratios between the figures of the parts. */

function rate(lines, wanted) {
  return lines?.find((line) => Object.entries(wanted).every(([name, value]) => line[name] === value))?.perSecond;
}

function ratio(a, b) {
  return a === undefined || b === undefined ? null : a / b;
}

/**
 * @param {Record<string, any>} parts results by the name of the part
 * @returns {{ what: string, ratio: number | null }[]} null where a part was left out
 */
export function ratiosOf({ http, floor, ceiling, growth }) {
  const hot = rate(http, { case: 'hot', connections: 64 });
  return [
    { what: 'hot HTTP at 64 / naive hot SQL', ratio: ratio(hot, rate(floor, { case: 'hot', style: 'statements' })) },
    {
      what: 'hot HTTP at 64 / hot stored functions',
      ratio: ratio(hot, rate(floor, { case: 'hot', style: 'functions' })),
    },
    { what: 'hot HTTP at 64 / hot set-based SQL', ratio: ratio(hot, rate(ceiling, { case: 'hot' })) },
    { what: 'HTTP at 64: hot / spread', ratio: ratio(hot, rate(http, { case: 'spread', connections: 64 })) },
    ...(growth?.ratios ?? []).map((row) => ({ what: `grown / empty: ${row.case}, median`, ratio: row.median })),
  ].filter((row) => row.ratio !== null);
}
