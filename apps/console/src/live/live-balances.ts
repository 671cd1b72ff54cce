import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConsoleSettings } from '../console.settings.js';
import { NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { SpansService } from '../traces/spans.service.js';
import { LiveEvents } from './live-events.js';

/** Balances are read so long after something happened, and not more often. */
const PAUSE_MS = 400;
const ACCOUNTS_MAX = 100;

interface AccountJson {
  name: string;
  balance?: string;
  held?: string;
}

type Ledger = ReturnType<NetworkService['ledgers']>[number];

/** Sends the balances of the ledgers to those who watch, when they change. */
@Injectable()
export class LiveBalances implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private readonly sent = new Map<string, string>();

  constructor(
    private readonly live: LiveEvents,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly settings: ConsoleSettings,
    spans: SpansService,
  ) {
    spans.added$.subscribe(() => this.readSoon());
    live.begins$.subscribe(() => {
      this.sent.clear();
      this.readSoon();
    });
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private readSoon(): void {
    if (this.timer || !this.live.isWatched) return;
    this.timer = setTimeout(() => {
      void this.sendChanged().finally(() => {
        this.timer = undefined;
      });
    }, PAUSE_MS);
    this.timer.unref();
  }

  private async sendChanged(): Promise<void> {
    await Promise.all(this.network.ledgers().map((ledger) => this.sendLedger(ledger).catch(() => undefined)));
  }

  private async sendLedger({ ledger, role }: Ledger): Promise<void> {
    const read = await this.http.read<AccountJson[]>(role, `/accounts?limit=${ACCOUNTS_MAX}`);
    const accounts = read
      .filter(({ name, balance }) => balance !== undefined && this.isShown(ledger, name))
      .map(({ name, balance, held }) => ({ name, balance, held }));
    const text = JSON.stringify(accounts);
    if (this.sent.get(ledger) === text) return;
    this.sent.set(ledger, text);
    this.live.send({ type: 'balances', data: { ledger, accounts } });
  }

  /** Outside the demo no customer's account is shown. */
  private isShown(ledger: string, account: string): boolean {
    if (this.settings.demoNetwork || ledger === 'centre') return true;
    return this.network.participants.some((one) => one.name === ledger && one.connectorAccount === account);
  }
}
