import { casesByRoute, type ConformanceReport } from './report.js';

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** What the command prints: each case by its route, then what is wrong. */
export function textReport(report: ConformanceReport): string {
  const groups = casesByRoute(report.cases).flatMap(([route, cases]) => [
    '',
    route,
    ...cases.map(({ outcome, name }) => `  ${MARKS[outcome]} ${name}`),
  ]);
  return [...groups, '', ...findingsOf(report), summaryOf(report)].join('\n');
}

function findingsOf({ cases }: ConformanceReport): string[] {
  const failed = cases.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return [];
  return ['What is wrong:', '', ...failed.flatMap(({ finding }, index) => [`${index + 1}. ${finding}`, ''])];
}

/** One line with the counts. */
export function summaryOf({ subject, url, passed, failed, skipped }: ConformanceReport): string {
  const left = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${subject} at ${url}: ${passed} of ${passed + failed} cases passed, ${failed} failed${left}`;
}
