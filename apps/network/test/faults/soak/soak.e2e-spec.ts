import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '../../support/test-network.js';
import { runFaultCommand } from '../kit/run-command.js';

/** The same troubles each time, so that a change is judged by what it changed: `FAULTS_SEED=<n>` tries others. */
const SEED = Number(process.env['FAULTS_SEED'] ?? 5);
/** The start of a network, a minute of troubles, and what takes longest to end after it; a busy machine may take long. */
const TIMEOUT_MS = 1_500_000;

describe(`A minute in which everything fails by turns, FAULTS_SEED=${SEED}`, () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'level-one-soak-'));
    // The embedded database has a user of its own, where this test runs as root.
    await chmod(folder, 0o755);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'all that was begun ends in one state on all sides, nothing stays open, and nobody loses by it',
    async () => {
      const options = [`--seed=${SEED}`, '--minutes=1', '--no-scenarios', '--lanes=3', '--hang-max=15'];
      const place = [`--folder=${folder}`, `--port=${await freePortBase()}`];
      const { output, code } = await runFaultCommand('soak/main.mjs', [...options, ...place]);
      expect(output.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([]);
      expect(output).toMatch(/^seed \d+: [1-9]\d* flows in 1 minutes, 0 faults$/m);
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );
});
