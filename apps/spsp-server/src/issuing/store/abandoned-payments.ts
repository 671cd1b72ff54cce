import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { IssuedPaymentsRepository } from './issued-payments.repository.js';

const SWEEP_INTERVAL_MS = 10 * 60_000;
const SWEEP_BATCH = 1_000;
/** After its expiry nothing can be paid; whoever asks again in this time still gets the same answer. */
const KEPT_MS = 60 * 60_000;

/** Forgets what was set up and never paid, so that what others may store here has an end. */
@Injectable()
export class AbandonedPayments extends Keeper {
  constructor(
    private readonly payments: IssuedPaymentsRepository,
    logger: RoleLogger,
  ) {
    super({ name: 'abandoned payments', intervalMs: SWEEP_INTERVAL_MS, logger });
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    const before = new Date(Date.now() - KEPT_MS);
    let dropped = SWEEP_BATCH;
    while (dropped === SWEEP_BATCH && !signal.aborted) {
      dropped = await this.payments.dropAbandoned(before, SWEEP_BATCH);
    }
  }
}
