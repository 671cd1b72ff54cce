import type { RoleName } from '@level-one/platform';
import { eventually, freePort, RoleProgram } from '@level-one/testing';
import { join } from 'node:path';
import { credentialsOf, surroundingsOf } from '../src/command/surroundings.js';
import { Contract } from '../src/contract/documents.js';
import type { RoleRun } from '../src/run-role.js';
import { BreakingProxy } from './breaking-proxy.js';

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
  return startAt({ role, url, peers }, program, environment);
}

/** A program in a role's place, with proxies before it and before the roles that the command plays. */
export interface ProxiedSystem extends StartedSystem {
  /** Before the system. */
  front: BreakingProxy;
  /** Before the roles that it calls. */
  back: BreakingProxy;
}

export async function startProxied(
  role: RoleName,
  program: string,
  environment: Record<string, string> = {},
): Promise<ProxiedSystem> {
  const [port, peersPort] = [await freePort(), await freePort()];
  const [front, back] = [await BreakingProxy.start(port), await BreakingProxy.start(peersPort)];
  const place = { role, url: front.url, peers: back.url };
  const { run, stop } = await startAt(place, program, { PORT: String(port), ...environment });
  const stopAll = async (): Promise<void> => {
    await Promise.all([front.close(), back.close()]);
    await stop();
  };
  return { run: { ...run, peersPort }, stop: stopAll, front, back };
}

async function startAt(
  { role, url, peers }: { role: RoleName; url: string; peers: string },
  program: string,
  environment: Record<string, string>,
): Promise<StartedSystem> {
  const credentials = credentialsOf(DFSP, []);
  const contract = new Contract();
  const settings = surroundingsOf(contract, { role, dfsp: DFSP, url, peers, credentials });
  const system = new RoleProgram({ program: [program], environment: { ...settings, ...environment } });
  system.start();
  try {
    await eventually(
      async () => {
        if (!system.isRunning) throw new Error(`it ended: ${system.log}`);
        await fetch(`http://127.0.0.1:${environment['PORT'] ?? new URL(url).port}`);
      },
      { timeoutMs: 240_000, intervalMs: 100 },
    );
  } catch (error) {
    await system.kill();
    throw error;
  }
  return { run: { role, url, dfsp: DFSP, credentials, peers, slack: 30 }, stop: () => system.stop() };
}
