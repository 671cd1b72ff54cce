import { ERROR_FACTS, type ErrorFacts, FAULTS, isErrorId, REPEATS } from '@level-one/errors';
import type { ServedRoute } from './routes.js';

/** Path of the page with every error id. */
export const ERRORS_PATH = '/docs/errors';

const WORD = /(?<![\w[])[A-Z]\w+/g;

/** Links each error id in the documentation of a route to its place on a page. */
export function linkErrors(routes: readonly ServedRoute[], page: string): void {
  for (const { operation } of routes) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      const described = response as { description?: string };
      if (Number(status) < 400 || described.description === undefined) continue;
      described.description = described.description.replaceAll(WORD, (word) =>
        isErrorId(word) ? `[${word}](${page}#${word.toLowerCase()})` : word,
      );
    }
  }
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h2{margin:2rem 0 .25rem;font-size:1.1rem}:target{background:#ffe08a;color:#000}p{margin:.25rem 0}
@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}}`;

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

function section([id, { status, fault, repeat, means, advice }]: [string, ErrorFacts]): string {
  return `<h2 id="${id.toLowerCase()}">${id} (${status})</h2>
<p>${escaped(means)}</p>
<p><b>What to do:</b> ${escaped(advice)}</p>
<p><b>Who can mend it:</b> ${escaped(FAULTS[fault])}. <b>Try again:</b> ${escaped(REPEATS[repeat])}.</p>`;
}

/** Page that a role serves: every error id, with what it means and what to do. */
export function errorsPage(): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Errors</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><h1>Errors</h1>${Object.entries(ERROR_FACTS).map(section).join('\n')}</body></html>`;
}
