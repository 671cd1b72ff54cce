import { type RoleName, StartupError } from '@level-one/platform';
import { NotConforming } from '../cases/not-conforming.js';
import type { Contract } from '../contract/documents.js';
import { cents } from '../roles/ledger/test-ledger.js';
import type { Answer } from '../system/answer.js';
import { SystemUnderTest } from '../system/system-under-test.js';

type DfspName = 'dfsp1' | 'dfsp2';

/** People of the demo network (README). */
export const ALICE = { number: '78956562', account: 'alice', dfsp: 'dfsp1' } as const;
export const BOB = { number: '26547070', account: 'bob', dfsp: 'dfsp2' } as const;

const NOTIFIED_WITHIN_MS = 30_000;
const SETTLED_WITHIN_MS = 30_000;
const POLL_MS = 100;

interface TopologyEntry {
  role: RoleName;
  dfsp: string | null;
  baseUrl: string;
}

export interface Balances {
  alice: bigint;
  bob: bigint;
  /** Position of each DFSP at the centre. */
  dfsp1: bigint;
  dfsp2: bigint;
}

/** A running network in which the system under test stands in place of a role. It is asked as channels and admins do. */
export class NetworkUnderTest {
  private constructor(
    readonly pageUrl: string,
    private readonly topology: readonly TopologyEntry[],
    private readonly contract: Contract,
    private readonly credentials: ReadonlyMap<string, string>,
  ) {}

  /** @throws StartupError if no network answers */
  static async find(
    pageUrl: string,
    contract: Contract,
    credentials: ReadonlyMap<string, string>,
  ): Promise<NetworkUnderTest> {
    try {
      const answer = await fetch(`${pageUrl}/topology`, { signal: AbortSignal.timeout(5_000) });
      return new NetworkUnderTest(pageUrl, (await answer.json()) as TopologyEntry[], contract, credentials);
    } catch {
      throw new StartupError(`no network answers at ${pageUrl}; start one with "npm start" in another terminal`);
    }
  }

  /** Asks the DFSP API of a DFSP as its channel. */
  api(dfsp: DfspName, route: string, what: string, request: { path?: Record<string, string>; body?: unknown } = {}) {
    return this.at('dfsp-api', dfsp).ask(route, what, {
      as: this.credentials.get(dfsp) ?? `${dfsp}:${dfsp}`,
      ...request,
    });
  }

  /** Balances of all that a payment from Alice to Bob touches, in minor units. */
  async balances(): Promise<Balances> {
    const [alice, bob, dfsp1, dfsp2] = await Promise.all([
      this.balanceAt('dfsp-ledger', 'dfsp1', 'alice'),
      this.balanceAt('dfsp-ledger', 'dfsp2', 'bob'),
      this.balanceAt('central-ledger', null, 'dfsp1'),
      this.balanceAt('central-ledger', null, 'dfsp2'),
    ]);
    return { alice, bob, dfsp1, dfsp2 };
  }

  /** Waits until exactly this much has moved from Alice to Bob on all ledgers. @throws NotConforming */
  async mustHaveMoved(before: Balances, moved: bigint, route: string, what: string): Promise<void> {
    const wanted: Balances = {
      alice: before.alice - moved,
      bob: before.bob + moved,
      dfsp1: before.dfsp1 - moved,
      dfsp2: before.dfsp2 + moved,
    };
    const isRight = (now: Balances): boolean =>
      (Object.keys(wanted) as (keyof Balances)[]).every((one) => now[one] === wanted[one]);
    const now = await until(() => this.balances(), isRight, SETTLED_WITHIN_MS);
    for (const name of Object.keys(wanted) as (keyof Balances)[]) {
      if (now[name] === wanted[name]) continue;
      throw new NotConforming(
        `${route}: after ${what} the balance of ${name} has moved by ${units(now[name] - before[name])}; must have moved by ${units(wanted[name] - before[name])}`,
      );
    }
  }

  /** Bob invoices Alice, and her DFSP is notified. @throws NotConforming */
  async notifiedInvoice(amount: string): Promise<{ invoiceId: string; invoiceNotificationId: string }> {
    const known = new Set((await this.pending()).map((one) => one.invoiceNotificationId));
    const issued = await this.issue({ amount });
    const isNew = (all: { invoiceNotificationId: string }[]): boolean =>
      all.some((one) => !known.has(one.invoiceNotificationId));
    const found = (await until(() => this.pending(), isNew, NOTIFIED_WITHIN_MS)).find(
      (one) => !known.has(one.invoiceNotificationId),
    );
    if (found) return { invoiceId: issued.json.invoiceId, invoiceNotificationId: found.invoiceNotificationId };
    throw new NotConforming(
      `POST /v1/merchantInvoice: the notification of an invoice did not arrive within ${NOTIFIED_WITHIN_MS / 1_000} s; must be delivered to the customer's DFSP (III.A to III.E)`,
    );
  }

  async issue(changes: Record<string, unknown>, what = 'an invoice of Bob to Alice'): Promise<Answer> {
    const body = {
      account: BOB.account,
      amount: '10.40',
      identifier: ALICE.number,
      merchantIdentifier: BOB.number,
      ...changes,
    };
    return (await this.api('dfsp2', 'POST /v1/merchantInvoice', what, { body })).mustBe({ status: 201 });
  }

  pay(invoiceNotificationId: string, what: string): Promise<Answer> {
    const body = { account: ALICE.account, invoiceNotificationId };
    return this.api('dfsp1', 'PUT /v1/invoiceNotifications/pay', what, { body });
  }

  /** Waits until the invoice has a status at its issuer. @throws NotConforming */
  async invoiceMustBecome(invoiceId: string, status: string): Promise<void> {
    const route = 'GET /v1/invoices/{invoiceId}';
    const read = () => this.api('dfsp2', route, 'an invoice of Bob', { path: { invoiceId } });
    const answer = await until(read, ({ json }) => json?.status === status, SETTLED_WITHIN_MS);
    answer.mustBe({ status: 200 });
    if (answer.json.status !== status) {
      answer.failWith(
        `was answered with the status ${answer.json.status}; must be ${status} within ${SETTLED_WITHIN_MS / 1_000} s`,
      );
    }
  }

  /** Hops of a payment that ended at a role; the page of the network keeps them. */
  async hopsTo(role: RoleName, dfsp: string, traceId: string): Promise<string[]> {
    const answer = await fetch(`${this.pageUrl}/hops?traceId=${traceId}`);
    const hops = (await answer.json()) as { hop: string; to: string; toDfsp: string | null }[];
    return hops.filter(({ to, toDfsp }) => to === role && (toDfsp ?? 'centre') === dfsp).map(({ hop }) => hop);
  }

  /** What is wrong with the books of the three ledgers, as they see it. @throws NotConforming */
  async booksMustFit(): Promise<void> {
    for (const [role, dfsp, route] of [
      ['dfsp-ledger', 'dfsp1', 'GET /ledger/invariants'],
      ['dfsp-ledger', 'dfsp2', 'GET /ledger/invariants'],
      ['central-ledger', null, 'GET /invariants'],
    ] as const) {
      const answer = await this.at(role, dfsp).ask(route, 'the check of the books', { as: 'admin' });
      answer.mustBe({ status: 200 });
      if (answer.json.violations?.length > 0) {
        answer.failWith(`was answered with violations ${JSON.stringify(answer.json.violations)}; there must be none`);
      }
    }
  }

  private async pending(): Promise<{ invoiceNotificationId: string }[]> {
    const route = 'GET /v1/invoiceNotifications/pending/{userNumber}';
    const answer = await this.api('dfsp1', route, "Alice's pending invoices", { path: { userNumber: ALICE.number } });
    return answer.mustBe({ status: 200 }).json.invoices;
  }

  private async balanceAt(role: RoleName, dfsp: DfspName | null, name: string): Promise<bigint> {
    const route = role === 'central-ledger' ? 'GET /accounts/{name}' : 'GET /ledger/accounts/{name}';
    const answer = await this.at(role, dfsp).ask(route, `the account ${name}`, { as: 'admin', path: { name } });
    return cents(answer.mustBe({ status: 200 }).json.balance);
  }

  private at(role: RoleName, dfsp: string | null): SystemUnderTest {
    const entry = this.topology.find((one) => one.role === role && one.dfsp === dfsp);
    if (!entry) throw new StartupError(`the network at ${this.pageUrl} has no ${role} of ${dfsp ?? 'the centre'}`);
    return new SystemUnderTest({ role, url: entry.baseUrl, credentials: this.credentials, contract: this.contract });
  }
}

/** Reads again until it is right or the time is over. @returns what was read last */
async function until<T>(read: () => Promise<T>, isRight: (value: T) => boolean, withinMs: number): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await read();
    if (isRight(value) || performance.now() > end) return value;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function units(minor: bigint): string {
  return (Number(minor) / 100).toFixed(2);
}
