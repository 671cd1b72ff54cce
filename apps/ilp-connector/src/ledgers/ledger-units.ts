import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { LedgerClient } from '@level-one/peers';
import { Health, RoleLogger } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorErrorId, connectorError, notConnectedYet } from './connector-errors.js';
import { Exchange, type LedgerUnit } from './exchange.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';

const RETRY_MS = 500;

/** Reads currency and scale of both ledgers once; before that nothing is quoted or forwarded. */
@Injectable()
export class LedgerUnits implements OnApplicationBootstrap, OnApplicationShutdown {
  private current: Exchange | undefined;
  private problem = 'the ledgers have not told their currencies yet';
  /** The rate does not fit the ledgers: nothing is forwarded until the settings are changed. */
  private isUnfit = false;
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: IlpConnectorSettings,
    private readonly own: OwnLedgerClient,
    private readonly central: CentralLedgerClient,
    private readonly logger: RoleLogger,
    health: Health,
  ) {
    health.registerCheck('currencies', () => {
      if (!this.current) throw new Error(this.problem);
    });
  }

  /** @throws ContractError 503 while it is not known; 422 LedgerNotConnectedError if the rate does not fit */
  get exchange(): Exchange {
    if (this.current) return this.current;
    if (!this.isUnfit) throw notConnectedYet('The ledgers have not told their currencies yet');
    throw connectorError(ConnectorErrorId.LedgerNotConnected, { message: 'No rate fits the ledgers of this route' });
  }

  onApplicationBootstrap(): void {
    void this.learnUnits();
  }

  private async learnUnits(): Promise<void> {
    while (!this.stopping.signal.aborted && !this.current && !this.isUnfit) {
      await this.tryToLearn();
      if (this.current || this.isUnfit) return;
      await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private async tryToLearn(): Promise<void> {
    try {
      const [own, central] = await Promise.all([unitOf(this.own), unitOf(this.central)]);
      const { rate, spread } = this.settings;
      this.current = new Exchange(own, central, { rate, spread });
    } catch (error) {
      this.isUnfit = error instanceof RangeError;
      const message = (error as Error).message;
      if (message === this.problem) return;
      this.problem = message;
      if (this.isUnfit) this.logger.error({ err: error }, 'the rate does not fit the ledgers; nothing is forwarded');
      else this.logger.warn({ err: error }, 'a ledger does not tell its currency yet');
    }
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }
}

async function unitOf(ledger: LedgerClient): Promise<LedgerUnit> {
  const { currency_code: currency, scale, precision } = await ledger.metadata();
  const isSound = typeof currency === 'string' && isCount(scale) && isCount(precision);
  if (!isSound) throw new Error(`${ledger.baseUrl} does not tell its currency`);
  return { currency, scale, precision };
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 18;
}
