import type { RoleName } from '@level-one/platform';
import { eventually, freePort, RoleProgram } from '@level-one/testing';
import { join } from 'node:path';
import { credentialsOf, surroundingsOf } from '../src/command/surroundings.js';
import { Contract } from '../src/contract/documents.js';
import type { RoleRun } from '../src/run-role.js';

export const ROOT = join(import.meta.dirname, '../../..');
const DFSP = 'dfsp2';

/** A program in a role's place, started with the settings that the command prints. */
export interface StartedSystem {
  run: RoleRun;
  stop: () => Promise<unknown>;
}

/** @param environment further settings, which the command cannot know */
export async function startSystem(
  role: RoleName,
  program: string,
  environment: Record<string, string> = {},
): Promise<StartedSystem> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const peers = `http://127.0.0.1:${await freePort()}`;
  const credentials = credentialsOf(DFSP, []);
  const contract = new Contract();
  const settings = surroundingsOf(contract, { role, dfsp: DFSP, url, peers, credentials });
  const system = new RoleProgram({ program: [program], environment: { ...settings, ...environment } });
  system.start();
  try {
    await eventually(
      async () => {
        if (!system.isRunning) throw new Error(`it ended: ${system.log}`);
        await fetch(url);
      },
      { timeoutMs: 240_000, intervalMs: 100 },
    );
  } catch (error) {
    await system.kill();
    throw error;
  }
  return { run: { role, url, dfsp: DFSP, credentials, peers, slack: 100 }, stop: () => system.stop() };
}
