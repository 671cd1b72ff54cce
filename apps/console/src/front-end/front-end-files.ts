import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConsoleSettings } from '../console.settings.js';

const INDEX = 'index.html';

/** The files that the build of the page made. */
@Injectable()
export class FrontEndFiles {
  readonly missing = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Level One</title>
<h1>The page is not built</h1><p>Run <code>npm run build</code>. The API is documented at <a href="/docs">/docs</a>.</p></html>`;
  private readonly files: ReadonlySet<string>;

  constructor({ webFolder }: ConsoleSettings) {
    this.files = new Set(existsSync(webFolder) ? filesBelow(webFolder) : []);
  }

  /**
   * The file that a path is answered with: one of its name, else the page. Undefined without a page.
   * @throws ContractError 404 NotFoundError for a file of the build that is not there
   */
  fileAt(path: string): string | undefined {
    const name = path.slice(1);
    if (this.files.has(name)) return name;
    if (name.startsWith('assets/')) throw commonError(CommonErrorId.NotFound);
    return this.files.has(INDEX) ? INDEX : undefined;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}
