import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractError } from '@level-one/errors';
import { basicCredentials } from './basic-auth.js';
import { toContractError } from '../errors/errors.js';
import { ExpiringMap } from '../limits/expiring-map.js';
import type { Arrival } from './client-address.js';
import type { Login, LoginGuard } from './login-guard.js';
import type { RoleLogger } from '../logging/logger.js';

const BURST_MS = 60_000;
const BURSTS_MAX = 10_000;
/**
 * Minimum delay of the answer to one login too many, in ms. Up to half as much is added at random, so that answers are
 * spread.
 */
const REFUSED_AFTER_MS = 800;
const WAITING_MAX = 1_000;

/** Refusals of logins: counted, delayed, and logged once per burst. */
export class Refusals {
  private waiting = 0;
  private readonly bursts = new ExpiringMap<true>(BURST_MS, BURSTS_MAX);

  constructor(
    private readonly guard: LoginGuard,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * @param isCounted whether the failure was already counted.
   * @returns the error to answer: the refusal, or 429 after too many from this address.
   */
  async refusalOf(arrival: Arrival, refusal: ContractError, isCounted = true): Promise<ContractError> {
    const error = isCounted ? refusal : await this.countFailure(arrival, refusal);
    if (error.status === 401 || error.status === 429) this.logRefusal(this.guard.addressOf(arrival), error);
    if (error.status === 429) await this.slowDown();
    return error;
  }

  /** Delays the answer to a continued attack: one refusal costs little, thousands per second do not. */
  private async slowDown(): Promise<void> {
    if (this.waiting >= WAITING_MAX) return;
    this.waiting += 1;
    await sleep(REFUSED_AFTER_MS * (1 + Math.random() / 2), undefined, { ref: false });
    this.waiting -= 1;
  }

  private async countFailure(arrival: Arrival, refusal: ContractError): Promise<ContractError> {
    const claim = refusal.status === 401 ? claimOf(arrival) : undefined;
    if (!claim) return refusal;
    const address = this.guard.addressOf(arrival);
    return this.guard.countFailure({ ...claim, address }).then(() => refusal, toContractError);
  }

  private logRefusal(address: string, { status, id }: ContractError): void {
    const burst = `${status} ${address}`;
    if (this.bursts.has(burst)) return;
    this.bursts.set(burst, true);
    this.logger.info({ status, id, address }, 'logins refused; not logged again for one minute');
  }
}

/**
 * The identity a request claims: its signature, or its name and password; undefined without any. A token claims none, and
 * cannot be guessed: many that are refused come from callers whose passwords were set anew, and who have to be answered
 * 401 to get new ones.
 */
function claimOf({ headers }: Arrival): Pick<Login, 'name' | 'secret'> | undefined {
  const { signature, authorization } = headers;
  if (typeof signature === 'string') return { name: 'signature', secret: signature };
  const given = typeof authorization === 'string' ? basicCredentials(authorization) : undefined;
  return given && { name: given.name, secret: given.password };
}
