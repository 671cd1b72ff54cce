import type { FactoryProvider, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Health, RoleLogger } from '@level-one/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerMetadataDto } from '../wire/ledger/metadata.dto.js';
import { LedgerClient } from './ledger.client.js';

const RETRY_MS = 5_000;

/** What a role was told of its DFSP's ledger. */
export interface ExpectedUnit {
  /** ISO 4217; undefined where the role does not need it. */
  currency?: string;
  /** Decimals of one minor unit. */
  scale: number;
  /** Most digits of an amount in minor units; undefined where the role does not need it. */
  precision?: number;
}

/**
 * Asks the ledger once whether its amounts are what this role's settings say. A role that counts in another currency,
 * or in other minor units, would quote and promise wrong amounts: it calls itself unhealthy and says why in its log.
 * A ledger that does not answer yet is asked again, and is no reason to be unhealthy.
 */
export class LedgerUnitCheck implements OnApplicationBootstrap, OnApplicationShutdown {
  private disagreement: string | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly ledger: LedgerClient,
    private readonly expected: ExpectedUnit,
    private readonly logger: RoleLogger,
    health: Health,
    private readonly retryMs = RETRY_MS,
  ) {
    health.registerCheck("currency, scale and precision of the DFSP's ledger", () => {
      if (this.disagreement !== undefined) throw new Error(this.disagreement);
    });
  }

  onApplicationBootstrap(): void {
    void this.check();
  }

  onApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async check(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        this.disagreement = await this.compare();
        if (this.disagreement !== undefined) this.logger.error({ ledger: this.ledger.baseUrl }, this.disagreement);
        return;
      } catch {
        await sleep(this.retryMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  /** What a ledger leaves out of its metadata is no disagreement. */
  private async compare(): Promise<string | undefined> {
    const { currency_code, scale, precision } = (await this.ledger.metadata()) as Partial<LedgerMetadataDto>;
    const expected = { currency: currency_code, precision, ...this.expected };
    const told = {
      currency: currency_code ?? expected.currency,
      scale: scale ?? expected.scale,
      precision: precision ?? expected.precision,
    };
    const isOfOneUnit = told.currency === expected.currency && told.scale === expected.scale;
    if (isOfOneUnit && told.precision === expected.precision) return undefined;
    const inWords = isOfOneUnit ? (unit: Partial<ExpectedUnit>) => ` and at most ${unit.precision} digits` : () => '';
    return (
      `The ledger at ${this.ledger.baseUrl} keeps ${told.currency} with ${told.scale} decimals${inWords(told)}; ` +
      `this role's settings say ${expected.currency} with ${expected.scale}${inWords(expected)}`
    );
  }
}

/** The check of the ledger that a role's `LedgerClient` calls. */
export function ledgerUnitCheck(expected: ExpectedUnit): FactoryProvider<LedgerUnitCheck> {
  return {
    provide: LedgerUnitCheck,
    useFactory: (ledger: LedgerClient, logger: RoleLogger, health: Health) =>
      new LedgerUnitCheck(ledger, expected, logger, health),
    inject: [LedgerClient, RoleLogger, Health],
  };
}
