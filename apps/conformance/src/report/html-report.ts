import type { CaseOutcome } from '../cases/conformance-case.js';
import { escapeMarkup as text } from './escape.js';
import { STYLE } from './html-style.js';
import { casesByRoute, type ConformanceReport } from './report.js';

const WORDS = { passed: 'passed', failed: 'failed', skipped: 'skipped' } as const;
const PAGE = /docs\/([\w./-]+\.md(?:#[\w.-]+)?)/g;

/** The report as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function htmlReport(report: ConformanceReport): string {
  const { subject, url, at, passed, failed, skipped, cases } = report;
  const title = `Conformance of ${text(subject)}`;
  const verdict = failed === 0 ? 'Conforms' : `${failed} ${failed === 1 ? 'case' : 'cases'} failed`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body>
<header class="${failed === 0 ? 'good' : 'bad'}">
<h1>${title}</h1>
<p class="verdict">${verdict}</p>
<p><span class="nowrap">${text(url)}</span> · <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time></p>
<dl>
${countOf('passed', passed)}${countOf('failed', failed)}${countOf('skipped', skipped)}
</dl>
</header>
<main>
${findingsOf(cases)}
<section aria-labelledby="cases">
<h2 id="cases">All cases</h2>
${casesByRoute(cases).map(groupOf).join('\n')}
</section>
</main>
</body>
</html>
`;
}

function countOf(name: keyof typeof WORDS, count: number): string {
  return `<div class="${name}"><dt>${WORDS[name]}</dt><dd>${count}</dd></div>`;
}

function findingsOf(cases: readonly CaseOutcome[]): string {
  const failed = cases.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return '';
  const items = failed.map(
    ({ finding = '', name }) => `<li><p>${withMarks(finding)}</p><p class="case">${withMarks(name)}</p></li>`,
  );
  return `<section aria-labelledby="findings">
<h2 id="findings">What is wrong</h2>
<ol class="findings">
${items.join('\n')}
</ol>
</section>`;
}

function groupOf([route, cases]: [string, CaseOutcome[]]): string {
  const failed = cases.filter(({ outcome }) => outcome === 'failed').length;
  const good = cases.filter(({ outcome }) => outcome === 'passed').length;
  const hops = [...new Set(cases.flatMap((one) => one.hops))];
  const rows = cases.map(
    ({ outcome, name, page }) =>
      `<li class="${outcome}"><span class="mark">${WORDS[outcome]}</span><span>${withMarks(name)}</span><span class="page">${text(page)}</span></li>`,
  );
  return `<details${failed > 0 ? ' open' : ''}>
<summary><code>${text(route)}</code>${hops.map((hop) => `<span class="hop">${text(hop)}</span>`).join('')}<span class="tally ${failed > 0 ? 'failed' : 'passed'}">${good} of ${cases.length}</span></summary>
<ul>
${rows.join('\n')}
</ul>
</details>`;
}

/** Names in backticks and pages of the contract as code. */
function withMarks(words: string): string {
  return text(words)
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>')
    .replaceAll(PAGE, '<code>docs/$1</code>');
}
