import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const FENCE = /^(```|~~~)[\s\S]*?^\1/gm;
const LINK = /\]\(([^()\s]+)\)/g;
/** A file of the repository, as pages name it. */
const CODE_FILE = /`((?:apps|libs|tools|bench|docker|examples)\/[\w./-]+\.(?:ts|mjs|cjs|yaml|env))`/g;
const FOR_WHOM = /^For (everybody|newcomers|engineers|operators|contributors|whoever)\b/m;
/** Lines in which a page must say for whom it is. */
const FIRST_LINES = 6;

function pagesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

const DOCS = pagesBelow('docs');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', 'examples/bruno/README.md', ...DOCS];

function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replaceAll('\r\n', '\n');
}

/** The anchor that GitHub gives a heading. */
function slugOf(heading: string): string {
  return heading
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function anchorsOf(text: string): Set<string> {
  const prose = text.replaceAll(FENCE, '');
  const headings = [...prose.matchAll(/^#{1,6} (.*)$/gm)].map(([, heading]) => slugOf(heading ?? ''));
  const named = [...prose.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id ?? '');
  return new Set([...headings, ...named]);
}

/** Problem of a broken link; undefined if the link is valid, or leads out of the repository. */
function problemOf(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(ROOT, page) : resolve(ROOT, dirname(page), path);
  if (!existsSync(target)) return `${page}: ${link} does not exist`;
  if (anchor === undefined || !target.endsWith('.md')) return undefined;
  return anchorsOf(readFileSync(target, 'utf8')).has(anchor) ? undefined : `${page}: ${link} has no such anchor`;
}

describe('the documentation', () => {
  it('has no broken link', () => {
    const problems = PAGES.flatMap((page) =>
      [...textOf(page).replaceAll(FENCE, '').matchAll(LINK)].map(([, link = '']) => problemOf(page, link)),
    );
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  });

  it('names only existing files of the code', () => {
    const lost = PAGES.filter((page) => page !== 'CHANGELOG.md').flatMap((page) =>
      [...textOf(page).matchAll(CODE_FILE)]
        .map(([, file = '']) => file)
        .filter((file) => !existsSync(join(ROOT, file)))
        .map((file) => `${page}: ${file}`),
    );
    expect(lost).toEqual([]);
  });

  it.each([
    ['missing.md', 'does not exist'],
    ['concepts.md#nowhere', 'has no such anchor'],
  ])('is checked for links such as %s', (link, problem) => {
    expect(problemOf('docs/README.md', link)).toBe(`docs/README.md: ${link} ${problem}`);
  });

  it('has no semicolon in a sequence diagram: Mermaid takes it as the end of a statement', () => {
    const pictures = PAGES.flatMap((page) =>
      [...textOf(page).matchAll(/```mermaid\n(sequenceDiagram[\s\S]*?)```/g)].map(([, picture]) => ({ page, picture })),
    );
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter(({ picture }) => picture?.includes(';')).map(({ page }) => page)).toEqual([]);
  });

  it('says on each page, in its first lines, for whom it is', () => {
    const pages = DOCS.filter((page) => !/decisions\/\d/.test(page));
    const silent = pages.filter((page) => !FOR_WHOM.test(textOf(page).split('\n').slice(0, FIRST_LINES).join('\n')));
    expect(silent).toEqual([]);
  });

  it('lists every page in its index, and every decision in that of decisions', () => {
    const reached = (page: string): string[] =>
      [...textOf(page).matchAll(LINK)].map(([, link = '']) => join(dirname(page), link.split('#', 1).join('')));
    const listed = new Set(['docs/README.md', 'docs/contract/README.md', 'docs/decisions/README.md'].flatMap(reached));
    expect(DOCS.filter((page) => page !== 'docs/README.md' && !listed.has(page))).toEqual([]);
  });

  it('gives each decision a date, a status, its context, the choice, alternatives and consequences', () => {
    const decisions = DOCS.filter((page) => /decisions\/\d/.test(page));
    expect(decisions.length).toBeGreaterThan(0);
    for (const page of decisions) {
      const text = textOf(page);
      expect([page, text.split('\n')[2]]).toEqual([
        page,
        expect.stringMatching(/^Date: \d{4}-\d\d-\d\d · Status: \w+/),
      ]);
      const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect([page, headings]).toEqual([page, ['Context', 'Choice', 'Alternatives', 'Consequence']]);
    }
  });
});
