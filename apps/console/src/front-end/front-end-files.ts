import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, pathOfPublicUrl } from '@level-one/platform';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ConsoleSettings } from '../console.settings.js';

const INDEX = 'index.html';
/** Names that the build gives: none leads out of the folder. */
const FILE = /^(assets\/)?\w[\w.-]*$/;

/** The files that the build of the page made. A later build is served at once, without a restart. */
@Injectable()
export class FrontEndFiles {
  private readonly basePath: string;

  constructor(private readonly settings: ConsoleSettings) {
    this.basePath = pathOfPublicUrl(settings.publicUrl);
  }

  get missing(): string {
    const docs = `${this.basePath}/docs`;
    return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Level One</title>
<h1>The page is not built</h1><p>Run <code>npm run build</code>. The API is documented at <a href="${docs}">${docs}</a>.</p></html>`;
  }

  /**
   * The page with its addresses below the path of `PUBLIC_URL`, where others reach the console; undefined if it has to be
   * sent as it is.
   */
  pageBelowPath(file: string): string | undefined {
    if (file !== INDEX || this.basePath === '') return undefined;
    const page = readFileSync(join(this.settings.webFolder, INDEX), 'utf8');
    return page.replaceAll(/ (href|src|content)="\/(?!\/)/g, (start) => start.replace('/', `${this.basePath}/`));
  }

  /**
   * The file that a path is answered with: one of its name, else the page. Undefined without a page.
   * @throws ContractError 404 NotFoundError for a file of the build that is not there
   */
  fileAt(path: string): string | undefined {
    const name = path.slice(1);
    if (FILE.test(name) && this.hasFile(name)) return name;
    if (name.startsWith('assets/')) throw commonError(CommonErrorId.NotFound);
    return this.hasFile(INDEX) ? INDEX : undefined;
  }

  private hasFile(name: string): boolean {
    return statSync(join(this.settings.webFolder, name), { throwIfNoEntry: false })?.isFile() ?? false;
  }
}
