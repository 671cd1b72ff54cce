import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { LedgerClient } from '@level-one/peers';
import { Health, RoleLogger } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectorErrorId, connectorError } from './connector-errors.js';
import { Exchange, type LedgerUnit } from './exchange.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';

const RETRY_MS = 500;

/** Learns once from both ledgers what their amounts are in; until then the connector does nothing. */
@Injectable()
export class LedgerUnits implements OnApplicationShutdown {
  private known: Exchange | undefined;
  private problem = 'the ledgers have not told their currencies yet';
  private readonly stopping = new AbortController();

  constructor(
    private readonly settings: IlpConnectorSettings,
    private readonly own: OwnLedgerClient,
    private readonly central: CentralLedgerClient,
    private readonly logger: RoleLogger,
    health: Health,
  ) {
    health.register('currencies', () => {
      if (!this.known) throw new Error(this.problem);
    });
  }

  /** @throws ContractError 422 LedgerNotConnectedError while it is not known */
  get exchange(): Exchange {
    if (this.known) return this.known;
    throw connectorError(ConnectorErrorId.LedgerNotConnected);
  }

  /** False when the role stops first, or when the settings do not fit the ledgers: then it never will be known. */
  async learn(): Promise<boolean> {
    while (!this.stopping.signal.aborted) {
      try {
        const [own, central] = await Promise.all([unitOf(this.own), unitOf(this.central)]);
        const { rate, spread } = this.settings;
        this.known = new Exchange(own, central, { rate, spread });
        return true;
      } catch (error) {
        this.problem = (error as Error).message;
        if (error instanceof RangeError) {
          this.logger.error({ err: error }, 'the rate does not fit the ledgers; nothing is forwarded');
          return false;
        }
      }
      await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
    return false;
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
