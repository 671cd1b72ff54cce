import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'levelone.mjs');
const SYSTEM = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

const completionWith = (path: string): string =>
  execFileSync(process.execPath, [PROGRAM, 'completion'], { encoding: 'utf8', env: { ...process.env, PATH: path } });

describe('levelone completion', () => {
  it('completes commands in a shell that does not find the command', () => {
    const script = `source <('${process.execPath}' '${PROGRAM}' completion)
      COMP_WORDS=(levelone reconc) COMP_CWORD=1
      _levelone_yargs_completions
      echo "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: SYSTEM };
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env }).trim()).toBe('reconcile');
  });

  it('leaves a command on the path as it is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'level-one-path-'));
    try {
      writeFileSync(join(folder, 'levelone'), '');
      expect(completionWith([folder, SYSTEM].join(delimiter))).not.toContain('levelone() {');
      expect(completionWith(SYSTEM)).toContain('levelone() {');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
