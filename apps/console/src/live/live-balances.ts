import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConsoleSettings } from '../console.settings.js';
import { NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import type { ShownSpanDto } from '../shared/span.dto.js';
import { SpansService } from '../traces/spans.service.js';
import { LiveEvents } from './live-events.js';
import {
  type HeldTransfer,
  type LedgerStep,
  plus,
  type ReadAccounts,
  type ShownAccount,
  stepsOf,
} from './missed-holds.js';

/** Balances are read so long after something happened, and not more often. */
const PAUSE_MS = 400;
const ACCOUNTS_MAX = 100;
/** Payments whose transfers are read at once; under more load the holds of others are shown if they are seen. */
const PAYMENTS_MAX = 20;
/** Transfers of which is remembered that their holds were shown. */
const SHOWN_MAX = 1_000;

interface AccountJson {
  name: string;
  /** Less holds. */
  balance?: string;
  held?: string;
}

type Ledger = ReturnType<NetworkService['ledgers']>[number];

/** Sends the balances of the ledgers to those who watch, when they change, with what was held in between. */
@Injectable()
export class LiveBalances implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private readonly sent = new Map<string, readonly ShownAccount[]>();
  private readonly lastRead = new Map<string, ReadAccounts>();
  private readonly touched = new Set<string>();
  private readonly shown = new Set<string>();

  constructor(
    private readonly live: LiveEvents,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly settings: ConsoleSettings,
    spans: SpansService,
  ) {
    spans.added$.subscribe((added) => this.touch(added));
    live.begins$.subscribe(() => {
      this.sent.clear();
      this.lastRead.clear();
      this.readSoon();
    });
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private touch(spans: readonly ShownSpanDto[]): void {
    if (!this.live.isWatched) return;
    for (const { paymentId, frame } of spans) {
      const hasTransfer = paymentId !== null && frame?.startsWith('transfer.');
      if (hasTransfer && this.touched.size < PAYMENTS_MAX) this.touched.add(paymentId);
    }
    this.readSoon();
  }

  private readSoon(): void {
    if (this.timer || !this.live.isWatched) return;
    this.timer = setTimeout(() => {
      void this.sendChanged().finally(() => {
        this.timer = undefined;
        if (this.touched.size > 0) this.readSoon();
      });
    }, PAUSE_MS);
    this.timer.unref();
  }

  private async sendChanged(): Promise<void> {
    const payments = [...this.touched];
    this.touched.clear();
    const steps = await Promise.all(
      this.network.ledgers().map((ledger) => this.readSteps(ledger, payments).catch((): LedgerStep[] => [])),
    );
    // Of all ledgers in the order in which it happened.
    for (const { ledger, accounts } of steps.flat().toSorted((a, b) => a.at - b.at)) this.send(ledger, accounts);
  }

  private async readSteps({ ledger, role }: Ledger, payments: readonly string[]): Promise<LedgerStep[]> {
    const ids = payments.filter((id) => !this.shown.has(`${ledger} ${id}`));
    const found = await Promise.all(ids.map((id) => this.http.find<HeldTransfer>(role, `/transfers/${id}`)));
    const now = await this.readAccounts({ ledger, role });
    ids.forEach((id, at) => found[at] && this.remember(`${ledger} ${id}`));
    const transfers = found.filter((transfer) => transfer !== undefined);
    const before = this.lastRead.get(ledger);
    this.lastRead.set(ledger, now);
    return stepsOf(ledger, { before: before ?? now, now }, before ? transfers : []);
  }

  private async readAccounts({ ledger, role }: Ledger): Promise<ReadAccounts> {
    const askedAt = Date.now();
    const read = await this.http.read<AccountJson[]>(role, `/accounts?limit=${ACCOUNTS_MAX}`);
    const accounts = read.flatMap(({ name, balance, held = '0' }) =>
      balance !== undefined && this.isShown(ledger, name) ? { name, balance: plus(balance, held), held } : [],
    );
    return { accounts, askedAt, answeredAt: Date.now() };
  }

  private remember(transfer: string): void {
    this.shown.add(transfer);
    const [oldest] = this.shown;
    if (this.shown.size > SHOWN_MAX && oldest !== undefined) this.shown.delete(oldest);
  }

  private send(ledger: string, accounts: readonly ShownAccount[]): void {
    if (JSON.stringify(this.sent.get(ledger)) === JSON.stringify(accounts)) return;
    this.sent.set(ledger, accounts);
    this.live.send({ type: 'balances', data: { ledger, accounts } });
  }

  /** Outside the demo no customer's account is shown. */
  private isShown(ledger: string, account: string): boolean {
    if (this.settings.demoNetwork || ledger === 'centre') return true;
    return this.network.participants.some((one) => one.name === ledger && one.connectorAccount === account);
  }
}
