import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { BatchSweeper } from '@level-one/work';
import { IssuedPaymentsRepository } from './issued-payments.repository.js';

const SWEEP_INTERVAL_MS = 10 * 60_000;
const SWEEP_BATCH = 1_000;
/** Time after the expiry for which a repeated setup still gets the same answer; nothing can be paid then. */
const KEPT_MS = 60 * 60_000;

/** Deletes payments that were set up and never paid: other DFSPs cannot fill the table. */
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
