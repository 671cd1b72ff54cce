import { Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements } from '@level-one/platform';
import { Setup } from './setup.entity.js';

/** Payments that were set up. */
@Injectable()
export class SetupsRepository {
  private readonly find: HotQuery<Setup>;
  private readonly insertOrFind: (setup: Setup) => Promise<{ row: Setup }>;

  constructor(statements: HotStatements) {
    const table = statements.tableOf(Setup);
    this.find = table.select('WHERE payment_id = $1');
    this.insertOrFind = table.insertOrFind(['paymentId', 'fingerprint', 'response', 'createdAt'], ['paymentId']);
  }

  async findSetup(paymentId: string): Promise<Setup | null> {
    const [setup] = await this.find(paymentId);
    return setup ?? null;
  }

  /** Keeps what was answered first under an id, and answers it. */
  async keepFirst(setup: Setup): Promise<Setup> {
    return (await this.insertOrFind(setup)).row;
  }
}
