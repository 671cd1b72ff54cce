import { Injectable } from '@nestjs/common';
import { CentralDirectoryClient, type DfspOriginsDto, PeerHttp } from '@level-one/peers';
import { basicAuthorization, Health, RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { ConnectorErrorId } from './connector-errors.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { type LearnedRoute, Routes } from './routes.js';

/** A missing route makes the connector ask at most once in this time. */
const ASK_AGAIN_MS = 1_000;

/**
 * Asks the central directory for the routes to other DFSPs, again and again, and when one is missing: who joins, changes
 * its route, is suspended or leaves needs no restart. While the directory is away the last routes stay.
 */
@Injectable()
export class LearnedRoutes extends Keeper {
  private readonly directory: CentralDirectoryClient | undefined;
  private known = '';
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly settings: IlpConnectorSettings,
    private readonly routes: Routes,
    http: PeerHttp,
    private readonly logger: RoleLogger,
    health: Health,
  ) {
    super({ name: 'routes', intervalMs: settings.learnRoutesIntervalS * 1_000, logger });
    const { centralDirectoryUrl: url, centralDirectoryKey: key = '', centralDirectorySecret: secret = '' } = settings;
    this.directory =
      url === undefined ? undefined : new CentralDirectoryClient(http, url, basicAuthorization(key, secret));
    health.registerCheck('routes', async () => {
      if (!routes.areComplete) await this.learnRoutes();
    });
  }

  override async onApplicationBootstrap(): Promise<void> {
    if (!this.directory) return;
    await super.onApplicationBootstrap();
    this.runNow();
  }

  /** Runs `work`, and once more if it failed for a missing route that the central directory knows by now. */
  async withRoutes<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isMissing(error) || !(await this.askAgain())) throw error;
      return work();
    }
  }

  /** @returns whether the routes are others than before. */
  async askAgain(): Promise<boolean> {
    if (!this.directory || (!this.asking && Date.now() < this.askedAt + ASK_AGAIN_MS)) return false;
    const { known } = this;
    try {
      await this.learnRoutes();
    } catch (err) {
      this.logger.warn({ err }, 'The central directory does not tell its routes');
    }
    return known !== this.known;
  }

  protected sweep(): Promise<void> {
    return this.learnRoutes();
  }

  /** @throws ContractError 502 if the central directory does not answer */
  private learnRoutes(): Promise<void> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(): Promise<void> {
    if (!this.directory) return;
    this.askedAt = Date.now();
    const routes = (await this.directory.dfsps()).flatMap((dfsp) => this.routeOf(dfsp));
    this.routes.learn(routes);
    const known = JSON.stringify(routes);
    if (known === this.known) return;
    this.known = known;
    this.logger.info({ known: routes.length }, 'Routes were learned from the central directory');
  }

  /** None that would take what belongs to this connector's own ledger. */
  private routeOf({ status, ilpPrefix: prefix, centralAccount }: DfspOriginsDto): LearnedRoute[] {
    if (prefix === undefined || centralAccount === undefined) return [];
    const isOwn = prefix.startsWith(this.settings.ilpPrefix) || centralAccount === this.settings.centralLedgerName;
    return isOwn ? [] : [{ prefix, centralAccount, isSuspended: status === 'suspended' }];
  }
}

/** A `ContractError`, or a refusal of a transfer for the same reason. */
function isMissing(error: unknown): boolean {
  const { id, info } = (error ?? {}) as { id?: unknown; info?: { id?: unknown } };
  return (info?.id ?? id) === ConnectorErrorId.AssetsNotTraded;
}
