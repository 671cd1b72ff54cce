import { CommonErrorId, commonError } from '@level-one/platform';
import { CentralDirectoryClient } from './central-directory.client.js';
import type { DfspOriginsDto } from './directory.dto.js';

const REFRESH_MS = 60_000;
/** An unknown origin may be a new DFSP's; but strangers must not make us ask the directory all the time. */
const REFRESH_ON_MISS_MS = 1_000;

/**
 * Origins that DFSPs registered, the only ones whose URLs are ever called (ruling 2). A copy is kept and refreshed;
 * while the directory is down the last copy goes on serving.
 */
export class RegisteredOrigins {
  private byOrigin = new Map<string, DfspOriginsDto>();
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly directory: CentralDirectoryClient,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Answers the DFSP that registered the origin of `url`, or undefined for a stranger's.
   * @throws ContractError 502 ExternalError when no copy could be had yet.
   */
  async ownerOf(url: string): Promise<DfspOriginsDto | undefined> {
    const { origin, username, password } = new URL(url);
    if (username || password) return undefined;
    const isDue = this.now() - this.refreshedAt > REFRESH_MS;
    if (isDue || !this.byOrigin.has(origin)) await this.refresh();
    return this.byOrigin.get(origin);
  }

  private async refresh(): Promise<void> {
    if (this.refreshing) return this.refreshing;
    if (this.now() - this.triedAt < REFRESH_ON_MISS_MS) return this.assertLoaded();
    this.triedAt = this.now();
    this.refreshing = this.load().finally(() => (this.refreshing = undefined));
    return this.refreshing;
  }

  private async load(): Promise<void> {
    try {
      const dfsps = await this.directory.dfsps();
      this.byOrigin = new Map(dfsps.flatMap((dfsp) => dfsp.origins.map((origin) => [origin, dfsp] as const)));
      this.refreshedAt = this.now();
    } catch {
      this.assertLoaded();
    }
  }

  private assertLoaded(): void {
    if (this.refreshedAt !== Number.NEGATIVE_INFINITY) return;
    throw commonError(CommonErrorId.External, { message: 'The central directory could not tell who is registered' });
  }
}
