import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePortBase } from '../../support/test-network.js';
import { runFaultCommand } from '../kit/run-command.js';

/** The same cases each time, so that a change is judged by what it changed: `FAULTS_SEED=<n>` tries others. */
const SEED = Number(process.env['FAULTS_SEED'] ?? 953_460_455);
const CASES = 8;
/** Starts of networks, and waits for what stays open; a busy machine may take long. */
const TIMEOUT_MS = 1_200_000;

describe(`Roles that are killed at a hop, FAULTS_SEED=${SEED}`, () => {
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'level-one-faults-'));
  });

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'every payment ends in one state on all sides, and nobody loses by it',
    async () => {
      const options = [`--seed=${SEED}`, `--sample=${CASES}`, `--folder=${folder}`, `--database=${database.url}`];
      const place = `--port=${await freePortBase()}`;
      const { output, code } = await runFaultCommand('matrix/main.mjs', [...options, place]);
      expect(output).toContain(`${CASES} cases, 0 failed`);
      expect(output).not.toContain(`0 failed, ${CASES} not reached`);
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );
});
