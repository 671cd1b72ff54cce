import { RoleLogger } from '@level-one/platform';
import type { AddressInfo } from 'node:net';
import { type MemoryEventLog, startTestLedger, type TestLedger } from '../gateway/websocket-ledger.fixture.js';
import { LedgerSubscriber, type LedgerSubscriberOptions } from './ledger-subscriber.js';
import { type CursorStore, MemoryCursorStore } from './subscription-cursor.js';

export const SILENT = RoleLogger.create({ role: 'test', dfsp: null }, 'silent');

/** Short pauses, so that a test needs no time. */
export const SHORT_LIMITS = {
  firstReconnectDelayMs: 1,
  maxReconnectDelayMs: 20,
  firstRetryDelayMs: 1,
  maxRetryDelayMs: 5,
  cursorIntervalMs: 1,
  handshakeTimeoutMs: 1_000,
  closeTimeoutMs: 200,
};

export class DurableStore extends MemoryCursorStore implements CursorStore {
  override readonly startsAt = 'beginning' as never;
  saves: bigint[] = [];

  override async save(sequence: bigint): Promise<void> {
    this.saves.push(sequence);
    await super.save(sequence);
  }
}

/** A ledger with subscribers, and the numbers of the events that they have handled. */
export class SubscribedLedger {
  readonly handled: number[] = [];
  private readonly subscribers: LedgerSubscriber[] = [];

  private constructor(private ledger: TestLedger) {}

  static async start(): Promise<SubscribedLedger> {
    return new SubscribedLedger(await startTestLedger());
  }

  get log(): MemoryEventLog {
    return this.ledger.log;
  }

  subscribe(options: Partial<LedgerSubscriberOptions> = {}): LedgerSubscriber {
    const subscriber = new LedgerSubscriber({
      name: 'test',
      websocketUrl: `${this.ledger.url}/websocket`,
      accounts: 'all',
      authorize: async () => 'Bearer admin-token',
      cursor: new DurableStore(),
      handle: async ({ sequence }) => void this.handled.push(Number(sequence)),
      logger: SILENT,
      ...options,
      limits: { ...SHORT_LIMITS, ...options.limits },
    });
    this.subscribers.push(subscriber);
    subscriber.start();
    return subscriber;
  }

  /** Away, until what it resolves with is called: back with the same events at the same address. */
  async goAway(): Promise<() => Promise<void>> {
    const { log } = this.ledger;
    const { port } = this.ledger.role.app.getHttpServer().address() as AddressInfo;
    await this.ledger.role.close();
    return async () => {
      this.ledger = await startTestLedger({ log, port });
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.subscribers.map((subscriber) => subscriber.close()));
    await this.ledger.role.close();
  }
}

/** A promise, and what resolves it. */
export function gate(): { released: Promise<void>; release: () => void } {
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  return { released, release: () => release() };
}
