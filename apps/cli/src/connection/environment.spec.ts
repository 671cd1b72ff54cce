import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergedEnvironment } from './environment.js';

describe('the file of settings', () => {
  it('sets settings, after options and the environment, and nothing that programs of this machine read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'level-one-settings-'));
    const config = join(folder, 'levelone.env');
    const lines = ['DFSP=bank1', 'EXCEPT=console', 'DATABASE_SCHEMA=bank', 'ROLE_URLS=x', 'PORT_BASE=4000'];
    // Some editors begin a file with a byte order mark.
    writeFileSync(
      config,
      [`\uFEFF${lines[0]}`, ...lines.slice(1), 'NODE_OPTIONS=--import=./evil.mjs', 'PATH=.', 'LD_PRELOAD=evil.so'].join(
        '\n',
      ),
    );
    expect(mergedEnvironment({ config, dfsp: 'bank2' }, { PATH: '/bin', PORT_BASE: '5000' })).toEqual({
      DFSP: 'bank2',
      EXCEPT: 'console',
      DATABASE_SCHEMA: 'bank',
      ROLE_URLS: 'x',
      PORT_BASE: '5000',
      PATH: '/bin',
    });
    rmSync(folder, { recursive: true });
  });
});
