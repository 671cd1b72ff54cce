import type { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import type { Violation } from './invariants.js';

const HOUR_MS = 60 * 60 * 1_000;

/** Checks the invariants of a ledger now and then, so that monitoring learns of books that are wrong. */
export class InvariantsKeeper extends Keeper {
  /** @param hours pause between two checks; 0: none */
  constructor(
    private readonly hours: number,
    private readonly check: () => Promise<readonly Violation[]>,
    private readonly logger: Pick<RoleLogger, 'error'>,
  ) {
    super({ name: 'invariants', intervalMs: hours * HOUR_MS, logger });
  }

  override onApplicationBootstrap(): void | Promise<void> {
    return this.hours === 0 ? undefined : super.onApplicationBootstrap();
  }

  protected async sweep(): Promise<void> {
    const violations = await this.check();
    const broken = [...new Set(violations.map(({ invariant }) => invariant))];
    for (const invariant of broken) {
      this.logger.error({ invariant }, 'an invariant of the ledger is broken; see GET /invariants');
    }
  }
}
