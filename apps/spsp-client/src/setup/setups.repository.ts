import { Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements } from '@level-one/platform';
import { Setup } from './setup.entity.js';

/** Maximum of new setups that are remembered; the oldest is forgotten first. */
const NEW_MAX = 2_000;

/** Payments that were set up. */
@Injectable()
export class SetupsRepository {
  private readonly find: HotQuery<Setup>;
  private readonly insertOrFind: (setup: Setup) => Promise<{ row: Setup; isNew: boolean }>;
  private readonly newHere = new Set<string>();

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
    const { row, isNew } = await this.insertOrFind(setup);
    if (isNew) this.newHere.add(row.paymentId);
    if (this.newHere.size > NEW_MAX) this.newHere.delete(this.newHere.values().next().value!);
    return row;
  }

  /** Whether this instance set a payment up and is asked this first: it was hardly begun before, unless by another one. */
  takeNew(paymentId: string): boolean {
    return this.newHere.delete(paymentId);
  }
}
