import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { runRoleCases } from '../src/run-role.js';
import { ROOT, startSystem } from './started-system.js';

const DEMO = { DEMO_NETWORK: 'true', LOG_LEVEL: 'silent' };

describe('The conformance of our own roles', () => {
  it.each(['spsp-backend'] as const)('%s passes every case', async (role) => {
    const { run, stop } = await startSystem(role, join(ROOT, `dist/apps/${role}/src/main.js`), DEMO);
    try {
      const { cases, passed } = await runRoleCases(run);
      expect(cases.flatMap(({ finding }) => finding ?? [])).toEqual([]);
      expect(passed).toBe(cases.length);
    } finally {
      await stop();
    }
  });
});
