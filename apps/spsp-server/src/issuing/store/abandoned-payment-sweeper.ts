import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { IssuedPaymentsRepository } from './issued-payments.repository.js';

const SWEEP_INTERVAL_MS = 10 * 60_000;
const SWEEP_BATCH = 1_000;
/** After its expiry nothing can be paid; whoever asks again in this time still gets the same answer. */
const KEPT_MS = 60 * 60_000;

/** Forgets what was set up and never paid, so that what others may store here has an end. */
@Injectable()
export class AbandonedPaymentSweeper extends BatchSweeper {
  constructor(payments: IssuedPaymentsRepository, logger: RoleLogger) {
    super({
      name: 'abandoned payments',
      intervalMs: SWEEP_INTERVAL_MS,
      logger,
      size: SWEEP_BATCH,
      work: (size) => payments.dropAbandoned(new Date(Date.now() - KEPT_MS), size),
    });
  }
}
