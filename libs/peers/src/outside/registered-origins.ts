import { CommonErrorId, commonError } from '@level-one/platform';
import { CentralDirectoryClient } from '../clients/central-directory.client.js';
import type { DfspOriginsDto } from '../wire/lookup/directory.dto.js';
import { belongsTo, movedUrl, outsideUrl } from './outside-url.js';
import type { KeyFinder, RegisteredKey } from '../signing/signature-verifier.js';
import { publicKeyOf } from '../signing/signing-key.js';

/** A key that was retired is taken for so long at most. */
const REFRESH_MS = 10_000;
/** What is unknown may be new; but strangers must not make us ask the directory all the time. */
const REFRESH_ON_MISS_MS = 1_000;
/** Who has a copy does not wait longer for a directory that does not answer. */
const WAIT_MS = 1_000;
/** When to ask again for a DFSP that is suspended. */
const SUSPENDED_RETRY_S = 60;

/** A URL from outside, as it is called now. */
export interface OutsidePlace {
  /** Whose it is. */
  owner: DfspOriginsDto;
  url: URL;
}

/**
 * What DFSPs registered: the base URLs under which alone URLs from outside are called, and the keys by which they sign.
 * A copy is kept and refreshed; while the directory is down the last copy goes on serving.
 */
export class RegisteredOrigins implements KeyFinder {
  private dfsps: readonly DfspOriginsDto[] = [];
  private byKeyId = new Map<string, RegisteredKey>();
  private isLoaded = false;
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private triedAt = Number.NEGATIVE_INFINITY;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly directory: CentralDirectoryClient,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Answers the DFSP to whose base URLs `url` belongs, those that it had before included; undefined for a stranger's and
   * for what `outsideUrl` does not take.
   * @throws ContractError 502 ExternalError when no copy could be had yet; 503 ServiceUnavailableError while the DFSP is
   * suspended.
   */
  async ownerOf(url: string): Promise<DfspOriginsDto | undefined> {
    return (await this.placeOf(url))?.owner;
  }

  /**
   * Whose `url` is, and where it is now: a DFSP may have moved since it gave the URL away.
   * @throws ContractError as {@link ownerOf}
   */
  async placeOf(url: string): Promise<OutsidePlace | undefined> {
    const plain = outsideUrl(url);
    const place = plain && (await this.find(() => this.present(plain) ?? this.moved(plain)));
    if (place?.owner.status === 'suspended') throw isSuspended(place.owner);
    return place;
  }

  private present(url: URL): OutsidePlace | undefined {
    const owner = this.dfsps.find((dfsp) => baseUrlsOf(dfsp).some((base) => belongsTo(url, base)));
    return owner && { owner, url };
  }

  private moved(url: URL): OutsidePlace | undefined {
    for (const owner of this.dfsps) {
      for (const former of owner.formerUrls ?? []) {
        const base = former.kind === 'provider' ? owner.providerUrl : owner.schemeAdapterUrl;
        const now = base === undefined ? undefined : movedUrl(url, { from: former.url, to: base });
        if (now) return { owner, url: now };
      }
    }
    return undefined;
  }

  /**
   * The same for URLs of scheme adapters, which stand for their DFSP only: where on its host the adapter is, its DFSP
   * knows better, unless other DFSPs are there too.
   */
  async adapterOwnerOf(url: string): Promise<DfspOriginsDto | undefined> {
    const plain = outsideUrl(url);
    if (!plain) return undefined;
    return this.find(() => {
      const here = this.dfsps.filter((dfsp) => baseUrlsOf(dfsp).some((base) => originOf(base) === plain.origin));
      const at = ({ schemeAdapterUrl: base }: DfspOriginsDto): boolean =>
        base !== undefined && (here.length === 1 ? originOf(base) === plain.origin : belongsTo(plain, base));
      return here.find(at) ?? this.moved(plain)?.owner;
    });
  }

  /**
   * Whose key this is, or undefined when no DFSP has it.
   * @throws ContractError 502 ExternalError when no copy could be had yet.
   */
  async keyOf(keyId: string): Promise<RegisteredKey | undefined> {
    return this.find(() => this.byKeyId.get(keyId));
  }

  private async find<T>(look: () => T | undefined): Promise<T | undefined> {
    const isDue = this.now() - Math.max(this.refreshedAt, this.triedAt) > REFRESH_MS;
    if (isDue || this.isWorthWaiting()) await this.refresh();
    const found = look();
    // While nothing is known there is nothing to spare the directory for.
    if (this.isLoaded && (found !== undefined || this.now() - this.triedAt < REFRESH_ON_MISS_MS)) return found;
    await this.refresh();
    this.assertLoaded();
    return look();
  }

  /** Nobody waits for what strangers made us ask while the copy is fresh, nor again for a directory that hangs. */
  private isWorthWaiting(): boolean {
    const isOld = this.now() - this.refreshedAt > REFRESH_MS;
    return this.refreshing !== undefined && isOld && this.now() - this.triedAt < WAIT_MS;
  }

  private async refresh(): Promise<void> {
    this.refreshing ??= this.load().finally(() => (this.refreshing = undefined));
    if (!this.isLoaded) return this.refreshing;
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((done) => {
      timer = setTimeout(done, WAIT_MS);
    });
    await Promise.race([this.refreshing, enough]).finally(() => clearTimeout(timer));
  }

  private async load(): Promise<void> {
    this.triedAt = this.now();
    try {
      const dfsps = await this.directory.dfsps();
      this.dfsps = dfsps;
      this.byKeyId = new Map(dfsps.flatMap(keysOf));
      this.refreshedAt = this.now();
      this.isLoaded = true;
    } catch {
      // The copy serves on.
    }
  }

  private assertLoaded(): void {
    if (this.isLoaded) return;
    throw commonError(CommonErrorId.External, { message: 'The central directory could not tell who is registered' });
  }
}

function baseUrlsOf({ providerUrl, schemeAdapterUrl }: DfspOriginsDto): string[] {
  return schemeAdapterUrl === undefined ? [providerUrl] : [providerUrl, schemeAdapterUrl];
}

function isSuspended({ shortName }: DfspOriginsDto): Error {
  const message = `${shortName} is suspended`;
  return commonError(CommonErrorId.ServiceUnavailable, { message, retryAfterS: SUSPENDED_RETRY_S });
}

function originOf(baseUrl: string): string | undefined {
  return outsideUrl(baseUrl)?.origin;
}

function keysOf({ shortName, keys = [] }: DfspOriginsDto): [string, RegisteredKey][] {
  return keys.flatMap(({ keyId, publicKey }) => {
    const key = publicKeyOf(publicKey);
    return key ? [[keyId, { dfsp: shortName, key }] as [string, RegisteredKey]] : [];
  });
}
