import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publishPage } from './publish-page.mjs';

describe('a page that was built while another one is served', () => {
  let folder: string;
  const from = () => join(folder, 'new');
  const to = () => join(folder, 'served');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'level-one-page-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function build(digest: string): void {
    mkdirSync(join(from(), 'assets'), { recursive: true });
    writeFileSync(join(from(), 'index.html'), digest);
    writeFileSync(join(from(), 'icon.svg'), '<svg/>');
    writeFileSync(join(from(), 'assets', `index-${digest}.js`), digest);
  }

  it('takes its place, and the parts of the older one stay for those who have it open', () => {
    for (const digest of ['one', 'two']) {
      build(digest);
      publishPage(from(), to());
    }
    expect(readFileSync(join(to(), 'index.html'), 'utf8')).toBe('two');
    expect(readdirSync(to()).toSorted()).toEqual(['assets', 'icon.svg', 'index.html']);
    expect(readdirSync(join(to(), 'assets')).toSorted()).toEqual(['index-one.js', 'index-two.js']);
    expect(existsSync(from())).toBe(false);
  });

  it('removes the parts of pages that nobody has open any more', () => {
    build('one');
    publishPage(from(), to());
    const old = join(to(), 'assets', 'index-one.js');
    const long = new Date(Date.now() - 8 * 24 * 3_600_000);
    utimesSync(old, long, long);
    build('two');
    publishPage(from(), to());
    expect(readdirSync(join(to(), 'assets'))).toEqual(['index-two.js']);
  });
});
