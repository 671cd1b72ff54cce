import type { CaseOutcome } from '../cases/conformance-case.js';

/** The outcome of a run, as `--json` prints it. */
export interface ConformanceReport {
  /** Role, or `end to end`. */
  subject: string;
  url: string;
  /** ISO 8601. */
  at: string;
  passed: number;
  failed: number;
  skipped: number;
  durationMs: number;
  cases: readonly CaseOutcome[];
}

export function reportOf(
  subject: string,
  url: string,
  cases: readonly CaseOutcome[],
  at = new Date(),
): ConformanceReport {
  const count = (outcome: CaseOutcome['outcome']): number => cases.filter((one) => one.outcome === outcome).length;
  return {
    subject,
    url,
    at: at.toISOString(),
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    durationMs: cases.reduce((sum, { durationMs }) => sum + durationMs, 0),
    cases,
  };
}

/** Cases by their route, in the order of the run. */
export function casesByRoute(cases: readonly CaseOutcome[]): [route: string, cases: CaseOutcome[]][] {
  const groups = new Map<string, CaseOutcome[]>();
  for (const one of cases) groups.set(one.route, [...(groups.get(one.route) ?? []), one]);
  return [...groups];
}
