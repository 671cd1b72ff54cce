import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from 'node:http';
import { commonError, CommonErrorId } from '../errors/errors.js';
import { RoleLogger } from '../logging/logger.js';
import { LoginGuard } from './login-guard.js';
import { Refusals } from './refusals.js';

const logger = RoleLogger.create({ role: 'ledger-adapter', dfsp: 'dfsp1' }, 'silent');

/** Statuses of the answers to requests that a system behind this role has refused with 401. */
async function refuse(authorizations: readonly string[]): Promise<number[]> {
  const guard = new LoginGuard({ loginFailuresPerAccount: 3, loginFailuresPerAddress: 6 });
  const refusals = new Refusals(guard, logger);
  const statuses = [];
  for (const authorization of authorizations) {
    const arrival = { headers: { authorization }, socket: { remoteAddress: '192.0.2.1' } } as IncomingMessage;
    const refusal = await refusals.refusalOf(arrival, commonError(CommonErrorId.Unauthorized), false);
    statuses.push(refusal.status);
  }
  return statuses;
}

describe('refusals of credentials', () => {
  it('are counted for passwords', async () => {
    const guesses = Array.from({ length: 4 }, (_, n) => `Basic ${btoa(`alice:guess ${n}`)}`);
    expect(await refuse(guesses)).toEqual([401, 401, 401, 429]);
  });

  it('are 401 for tokens, however many: all roles behind one proxy ask for new ones when their passwords were set anew', async () => {
    const tokens = Array.from({ length: 50 }, (_, n) => `Bearer a.b.${n}`);
    expect(new Set(await refuse(tokens))).toEqual(new Set([401]));
  });
});
