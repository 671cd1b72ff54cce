import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type HotQuery, HotStatements, RoleLogger } from '@level-one/platform';
import { LateRows, SharedWrites, UNSEEN_WITHIN_MS } from '@level-one/work';
import { Setup } from './setup.entity.js';

/** Maximum of new setups that are remembered; the oldest is forgotten first. */
const NEW_MAX = 2_000;

/**
 * Payments that were set up. Nobody waits until a setup is written: if it is lost, the payee's side is asked again, and
 * gives the same packet and condition.
 */
@Injectable()
export class SetupsRepository implements BeforeApplicationShutdown {
  private readonly find: HotQuery<Setup>;
  private readonly shared: SharedWrites<Setup>;
  private readonly unwritten: LateRows<Setup>;
  /** Those that were not asked to be paid yet. */
  private readonly newHere = new Set<string>();

  constructor(logger: RoleLogger, statements: HotStatements) {
    const table = statements.tableOf(Setup);
    this.find = table.select('WHERE payment_id = $1');
    const insert = table.insertEach('paymentId', ['paymentId', 'fingerprint', 'response', 'createdAt']);
    this.shared = new SharedWrites<Setup>({ together: insert, withinMs: UNSEEN_WITHIN_MS });
    this.unwritten = new LateRows<Setup>({
      keyOf: ({ paymentId }) => paymentId,
      write: async (setup) => {
        // Another instance was first.
        if (!(await this.shared.write(setup))) this.newHere.delete(setup.paymentId);
      },
      onLost: ({ paymentId }, err) =>
        logger.warn({ err, paymentId }, 'a setup was not written; it can be asked for again'),
    });
  }

  async findSetup(paymentId: string): Promise<Setup | null> {
    // Looked for before and after: it may be written meanwhile, too late to be found.
    const late = this.unwritten.get(paymentId);
    const [setup] = await this.find(paymentId);
    return setup ?? this.unwritten.get(paymentId) ?? late ?? null;
  }

  /** Keeps a new setup. It is written up to a second later; one that another instance wrote first stays. */
  keep(setup: Setup): void {
    this.unwritten.add(setup);
    this.newHere.add(setup.paymentId);
    if (this.newHere.size > NEW_MAX) this.newHere.delete(this.newHere.values().next().value!);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const written = this.unwritten.settle();
    await this.shared.settle();
    await written;
  }

  /** Whether this instance set a payment up and is asked this first: it was hardly begun before, unless by another one. */
  takeNew(paymentId: string): boolean {
    return this.newHere.delete(paymentId);
  }
}
