import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const GLOBALS = new URL('./native-globals.mjs', import.meta.url).href;
const LIBRARIES = new URL('../../../', import.meta.url).href;
const SUB_PATH = /^(testing)\/(peers|faults)$/;

/** Loaded for each test file anew: they may have hooks and state. */
const OF_TESTS = /\/test\/.*\.ts$|\.fixture\.ts$/;

const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
};

function libraryUrl(name) {
  const [, library, folder] = SUB_PATH.exec(name) ?? [undefined, name, undefined];
  return new URL(`${library}/src/${folder ? `${folder}/` : ''}index.ts`, LIBRARIES).href;
}

/** URL of a TypeScript source, for what a TypeScript source imports as JavaScript; undefined where there is none. */
function sourceUrl(specifier, parentUrl) {
  if (!/^\.{1,2}\//.test(specifier)) return undefined;
  const parent = new URL(parentUrl);
  if (!parent.pathname.endsWith('.ts')) return undefined;
  const url = new URL(specifier.replace(/(\.(js|ts))?$/, '.ts'), parent);
  if (!existsSync(fileURLToPath(url))) return undefined;
  if (OF_TESTS.test(url.pathname)) url.search = parent.search;
  return url.href;
}

export function resolve(specifier, context, nextResolve) {
  if (specifier === '@jest/globals') return { url: GLOBALS, format: 'module', shortCircuit: true };
  const url = specifier.startsWith('@level-one/')
    ? libraryUrl(specifier.slice('@level-one/'.length))
    : context.parentURL && sourceUrl(specifier, context.parentURL);
  return url ? { url, format: 'module', shortCircuit: true } : nextResolve(specifier, context);
}

export function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
  return { format: 'module', source: code, shortCircuit: true };
}
