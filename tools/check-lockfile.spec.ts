import { describe, expect, it } from '@jest/globals';
import { problemsOf } from './check-lockfile.mjs';

const integrity = 'sha512-AA==';
const lockOf = (packages: Record<string, object>) => ({ lockfileVersion: 3, packages: { '': {}, ...packages } });

describe('a lock file', () => {
  it('is accepted if every optional package is locked where its importer finds it', () => {
    const lock = lockOf({
      '': { optionalDependencies: { postgres: '1.0.0' } },
      'node_modules/postgres': { integrity, optionalDependencies: { '@postgres/linux': '1.0.0' } },
      'node_modules/@postgres/linux': { integrity },
      'node_modules/a': { integrity },
      'node_modules/a/node_modules/swc': { integrity, optionalDependencies: { '@swc/linux': '1.0.0', b: '1.0.0' } },
      'node_modules/a/node_modules/@swc/linux': { integrity },
      'node_modules/b': { integrity },
    });
    expect(problemsOf(lock)).toEqual([]);
  });

  it('is refused if platforms are missing', () => {
    const lock = lockOf({
      'node_modules/swc': { integrity, optionalDependencies: { '@swc/linux': '1.0.0', '@swc/darwin': '1.0.0' } },
      'node_modules/@swc/linux': { integrity },
      // Only another package finds it there.
      'node_modules/other/node_modules/@swc/darwin': { integrity },
    });
    expect(problemsOf(lock)).toEqual(['node_modules/swc: optional packages missing: @swc/darwin']);
  });

  it('is refused if it names a registry', () => {
    const resolved = 'https://packages.example/a.tgz';
    expect(problemsOf(lockOf({ 'node_modules/a': { integrity, resolved } }))).toEqual([
      `node_modules/a: "resolved" is recorded (${resolved})`,
    ]);
  });

  it('is refused if a package has no digest', () => {
    expect(problemsOf(lockOf({ 'node_modules/a': {} }))).toEqual(['node_modules/a: no "integrity"']);
  });

  it('is refused in another version', () => {
    expect(problemsOf({ lockfileVersion: 1 })).toEqual(['lockfileVersion is 1, expected 3']);
  });
});
