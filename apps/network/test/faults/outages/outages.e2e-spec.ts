import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { freePortBase } from '../../support/test-network.js';
import { runFaultCommand } from '../kit/run-command.js';

/** Starts of a network, three outages, and what takes longest to end after each; a busy machine may take long. */
const TIMEOUT_MS = 1_500_000;

describe('What if a role is killed while payments execute, for longer than all graces?', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  it(
    'every payment has one end on each side, and what a connector paid and could not claim in time, it claims',
    async () => {
      const options = ['--how=kill', '--seconds=30', '--grace=0', '--settle=300', `--database=${database.url}`];
      const place = `--port=${await freePortBase()}`;
      const { output, code } = await runFaultCommand('outages/main.mjs', [...options, place]);
      expect(output).toContain('3 outages, 0 failed');
      // The ledger was up, so that two administrators decide.
      expect(output).toMatch(/^dfsp1\/ilp-connector +kill +30 .* [1-9]\d* \([1-9]\d* by people\)/m);
      expect(code).toBe(0);
    },
    TIMEOUT_MS,
  );
});
