import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { ChangesService } from './changes.service.js';

/** Carries out approved changes that a crash, or a role that was away, has left, and ends proposals that nobody decides. */
@Injectable()
export class ChangesKeeper extends Keeper {
  constructor(
    private readonly changes: ChangesService,
    logger: RoleLogger,
  ) {
    super({ name: 'changes', intervalMs: 15_000, logger });
  }

  /** One run. */
  async carryOutLeft(signal?: AbortSignal): Promise<void> {
    for (const id of await this.changes.listLeft()) {
      if (signal?.aborted) return;
      await this.changes.carryOut(id);
    }
  }

  protected async sweep(signal: AbortSignal): Promise<void> {
    await this.changes.rejectOld();
    await this.carryOutLeft(signal);
  }
}
