import { escapeMarkup } from './escape.js';
import { casesByRoute, type ConformanceReport } from './report.js';

/** The report as JUnit XML: a suite for each route. */
export function junitReport({ subject, at, durationMs, cases }: ConformanceReport): string {
  const suites = casesByRoute(cases).map(([route, ofRoute]) => {
    const failures = ofRoute.filter(({ outcome }) => outcome === 'failed').length;
    const skipped = ofRoute.filter(({ outcome }) => outcome === 'skipped').length;
    const tests = ofRoute.map(({ name, outcome, durationMs: took, finding = '' }) => {
      const head = `<testcase classname="${escapeMarkup(`${subject} ${route}`)}" name="${escapeMarkup(name)}" time="${seconds(took)}"`;
      if (outcome === 'passed') return `    ${head}/>`;
      const body = outcome === 'skipped' ? '<skipped/>' : `<failure message="${escapeMarkup(finding)}"/>`;
      return `    ${head}>${body}</testcase>`;
    });
    const counts = `tests="${ofRoute.length}" failures="${failures}" skipped="${skipped}"`;
    return [`  <testsuite name="${escapeMarkup(route)}" ${counts} timestamp="${at}">`, ...tests, '  </testsuite>'].join(
      '\n',
    );
  });
  const name = escapeMarkup(`conformance of ${subject}`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${name}" time="${seconds(durationMs)}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
