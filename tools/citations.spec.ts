import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PAGES = join(ROOT, 'docs/contract');
const CITING = /\.(ts|mjs|md)$/;
const LIST = String.raw`(\d+[a-z]?(?:\.\d+)?(?:(?:, | and |–)\d+[a-z]?(?:\.\d+)?)*)`;

/** Forms of citations, and the anchor that each must have on a page of the contract. */
const CITATIONS: [pattern: RegExp, anchorOf: (key: string) => string][] = [
  [new RegExp(String.raw`\bcontract(?: section)? ${LIST}`, 'gi'), (key) => `s${key}`],
  [new RegExp(String.raw`\brulings? ${LIST}`, 'gi'), (key) => `ruling-${key}`],
  [
    new RegExp(String.raw`(?<![-\w])[Rr]ows? (?=\d+[a-z]?\b(?! (?:of|was|is|are|a )))${LIST}`, 'g'),
    (key) => `row-${key}`,
  ],
  [/\b(N\d{1,3}a?)\b/g, (key) => key.toLowerCase()],
  [/(?<![\w#-])(D\d{1,2})\b(?!-)/g, (key) => key.toLowerCase()],
];

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CITING.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function keysOf(list: string): string[] {
  return list.split(/, | and |–/);
}

function anchorsOfPages(): Set<string> {
  const text = filesBelow(PAGES).map((file) => readFileSync(file, 'utf8'));
  return new Set([...text.join('\n').matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, anchor = '']) => anchor));
}

describe('citations of the contract', () => {
  const anchors = anchorsOfPages();
  const files = ['apps', 'libs', 'bench', 'tools', 'docs'].flatMap((folder) => filesBelow(join(ROOT, folder)));

  it('have an anchor on its pages', () => {
    const lost = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return CITATIONS.flatMap(([pattern, anchorOf]) =>
        [...text.matchAll(pattern)]
          .flatMap(([, list]) => keysOf(list ?? ''))
          .filter((key) => !anchors.has(anchorOf(key)))
          .map((key) => `${file.slice(ROOT.length + 1)}: ${anchorOf(key)}`),
      );
    });
    expect([...new Set(lost)]).toEqual([]);
  });

  it('are found at all', () => {
    const text = 'contract 3.6, rulings 9 and 10, row 25 and N31';
    const found = CITATIONS.flatMap(([pattern, anchorOf]) =>
      [...text.matchAll(pattern)].flatMap(([, list]) => keysOf(list ?? '')).map(anchorOf),
    );
    expect(found).toEqual(['s3.6', 'ruling-9', 'ruling-10', 'row-25', 'n31']);
  });
});
