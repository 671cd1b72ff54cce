import { randomUUID } from 'node:crypto';
import type { RunningRole } from '@level-one/platform';
import {
  callerOf,
  closeLedger,
  CONDITION,
  createTestDatabase,
  FULFILLMENT,
  type RoleCaller,
  type TestDatabase,
} from '@level-one/testing';
import { BASE, startCentralLedger } from '../central-ledger.fixture.js';

/** A central ledger in TND with the accounts of three DFSPs and of an auditor, who reads balances. */
export class TestSettlements {
  static async start(): Promise<TestSettlements> {
    const database = await createTestDatabase();
    const ledger = await startCentralLedger(database, { currency: 'TND', scale: 3, capCheckIntervalMs: 100 });
    const call = callerOf(ledger);
    for (const name of ['dfsp1', 'dfsp2', 'dfsp3']) {
      await call('PUT', `/accounts/${name}`, { name, password: name, minimum_allowed_balance: '-1000000.00' });
    }
    await call('PUT', '/accounts/auditor', { name: 'auditor', password: 'auditor', rights: ['read'] });
    return new TestSettlements(database, ledger, call);
  }

  private constructor(
    private readonly database: TestDatabase,
    private readonly ledger: RunningRole,
    readonly call: RoleCaller,
  ) {}

  stop(): Promise<void> {
    return closeLedger(this.ledger, this.database);
  }

  /** @returns URI of an executed transfer. */
  readonly pay = async (from: string, to: string, amount: string): Promise<string> => {
    const path = `/transfers/${randomUUID()}`;
    const body = {
      debits: [{ account: from, amount, authorized: true }],
      credits: [{ account: to, amount }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    };
    const prepared = await this.call('PUT', path, body, from);
    const fulfilled = await this.call('PUT', `${path}/fulfillment`, FULFILLMENT, to);
    const statuses = [prepared.status, fulfilled.status];
    if (String(statuses) !== '201,200') throw new Error(`The payment was not executed: ${String(statuses)}`);
    return BASE + path;
  };

  /** The open window. */
  readonly open = async () => (await this.call('GET', '/settlements?limit=1')).json[0];

  /** The window that was open, closed. */
  readonly close = async () => (await this.call('POST', `/settlements/${(await this.open()).id}/close`)).json;

  /** Confirms movements: account, amount and reference of each. */
  readonly confirm = (id: string, ...movements: [string, string, string][]) =>
    this.call('POST', `/settlements/${id}/confirmations`, {
      confirmations: movements.map(([account, amount, reference]) => ({ account, amount, reference })),
    });
}
