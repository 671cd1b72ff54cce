// @ts-check
/** Quantiles and medians. */

/**
 * Quantile of sorted values; NaN without values.
 * @param {Float64Array} sorted
 * @param {number} share 0 to 1
 */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * @param {number[]} values
 * @returns {{ count: number, p50: number, p95: number, p99: number, max: number }}
 */
export function summaryOf(values) {
  const sorted = Float64Array.from(values).toSorted();
  return {
    count: sorted.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: sorted.at(-1) ?? Number.NaN,
  };
}

/**
 * Median; NaN without values.
 * @param {number[]} values
 */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
