// @ts-check
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const INDEX = 'index.html';
const ASSETS = 'assets';
/** Browsers that have an older page open may still load parts of it. */
const OLD_ASSETS_KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Puts a built page in place of the one that a console may be serving: first what is loaded by names that no other build
 * has, then the page that names it, at once. Parts of older pages stay for some days.
 * @param {string} from folder of the build; it is gone afterwards
 * @param {string} to folder that is served
 */
export function publishPage(from, to) {
  mkdirSync(join(to, ASSETS), { recursive: true });
  cpSync(from, to, { recursive: true, filter: (path) => path !== join(from, INDEX) });
  cpSync(join(from, INDEX), join(to, `.${INDEX}`));
  renameSync(join(to, `.${INDEX}`), join(to, INDEX));
  const current = new Set(readdirSync(join(from, ASSETS)));
  for (const name of readdirSync(join(to, ASSETS))) {
    const path = join(to, ASSETS, name);
    if (!current.has(name) && statSync(path).mtimeMs < Date.now() - OLD_ASSETS_KEPT_MS) rmSync(path);
  }
  rmSync(from, { recursive: true });
}
