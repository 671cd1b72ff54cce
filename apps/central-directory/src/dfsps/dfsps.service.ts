import { Injectable } from '@nestjs/common';
import type { ChangeDfspDto, RegisterDfspDto, RegisteredDfspDto } from '@level-one/peers';
import { CommonErrorId, commonError, KeptCopies, type KeptCopy } from '@level-one/platform';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import { areNested, baseUrl, originsOf } from './base-urls.js';
import { Dfsp, type DfspStatus } from './dfsp.entity.js';
import { DfspCredential } from './dfsp-credential.entity.js';
import { DfspCredentialsService, insertCredentials } from './dfsp-credentials.service.js';
import { DfspKey } from './dfsp-key.entity.js';
import { FormerUrl, type UrlKind } from './former-url.entity.js';

/** Maximum of DFSPs: their number has three digits. */
const DFSPS_MAX = 999;
/** Maximum of base URLs of before that a DFSP may have. */
const FORMER_URLS_MAX = 16;
const MS_PER_DAY = 24 * 60 * 60 * 1_000;
/** Key of the copy of the DFSPs: they are kept together. */
const ALL = 'all';

/** A DFSP as the directory knows it. */
export interface Participant extends Dfsp {
  /** Base URLs that it had before, newest first. */
  formerUrls: readonly FormerUrl[];
}

/** The DFSPs of the scheme: they register, change, are suspended, and leave while everything runs. */
@Injectable()
export class DfspsService {
  private readonly kept: KeptCopy<readonly Participant[]>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
    private readonly credentials: DfspCredentialsService,
    private readonly settings: CentralDirectorySettings,
  ) {
    // Without the hashes of their secrets, which only logins need.
    this.kept = copies.keep({ tables: ['dfsps', 'dfsp_former_urls'], max: 1, load: () => this.readAll() });
  }

  /** All DFSPs, in the order of registration, also those that are suspended or left. */
  allDfsps(): Promise<readonly Participant[]> {
    return this.kept.read(ALL);
  }

  async dfspsOfNumbers(numbers: readonly number[]): Promise<Participant[]> {
    return (await this.allDfsps()).filter(({ number }) => numbers.includes(number));
  }

  async dfspOfShortName(shortName: string): Promise<Participant | undefined> {
    return (await this.allDfsps()).find((dfsp) => dfsp.shortName === shortName);
  }

  /** ILP prefix of a DFSP's ledger, and its account on the central ledger. */
  routeOf({ shortName, ilpPrefix, centralAccount }: Dfsp): { ilpPrefix: string; centralAccount: string } {
    return {
      ilpPrefix: ilpPrefix ?? `${this.settings.ilpNetwork}${shortName}.`,
      centralAccount: centralAccount ?? shortName,
    };
  }

  /**
   * @throws ContractError 422 AlreadyExistsError if its name, short name, key, route or one of its base URLs is taken;
   * 422 UnprocessableEntityError for a weak secret or a URL that cannot be a base URL
   */
  async registerDfsp(request: RegisterDfspDto): Promise<RegisteredDfspDto> {
    const made = await this.credentials.makeCredentials(request);
    const { key, secret, secretHash } = made;
    const { name, shortName } = request;
    const providerUrl = baseUrl('providerUrl', request.providerUrl);
    const schemeAdapterUrl =
      request.schemeAdapterUrl === undefined ? null : baseUrl('schemeAdapterUrl', request.schemeAdapterUrl);
    const route = { ilpPrefix: request.ilpPrefix ?? null, centralAccount: request.centralAccount ?? null };
    const origins = originsOf([providerUrl, schemeAdapterUrl]);
    const dfsp = { name, shortName, providerUrl, schemeAdapterUrl, origins, key, secretHash, ...route };
    await this.changeAll(async (manager, all) => {
      this.assertFree(dfsp, all);
      if (all.some((other) => other.key === key)) throw alreadyRegistered('This key');
      if (all.length >= DFSPS_MAX) throw unprocessable(`A scheme has at most ${DFSPS_MAX} DFSPs`);
      const number = all.length + 1;
      await manager.insert(Dfsp, { ...dfsp, number });
      await insertCredentials(manager, number, made);
    });
    this.credentials.changedKeys.next(key);
    return { name, shortName, providerUrl, ...(schemeAdapterUrl === null ? {} : { schemeAdapterUrl }), key, secret };
  }

  /**
   * Changes what a DFSP registered. A base URL that is replaced stays valid beside the new one: what was issued under
   * it is found under the new one.
   * @throws ContractError 404 NotFoundError; 422 AlreadyExistsError, UnprocessableEntityError as {@link registerDfsp}
   */
  async changeDfsp(shortName: string, changes: ChangeDfspDto): Promise<Participant> {
    await this.changeAll(async (manager, all) => {
      const known = here(all, shortName);
      const changed = Object.assign({}, known, changes, newUrls(changes));
      const origins = originsOf([changed.providerUrl, changed.schemeAdapterUrl]);
      this.assertFree(
        changed,
        all.filter((other) => other !== known),
      );
      const { name, providerUrl, schemeAdapterUrl, ilpPrefix, centralAccount } = changed;
      await manager.update(
        Dfsp,
        { number: known.number },
        { name, providerUrl, schemeAdapterUrl, ilpPrefix, centralAccount, origins },
      );
      await keepFormerUrls(manager, known, changed);
    });
    return here(await this.allDfsps(), shortName);
  }

  /**
   * Suspends a DFSP, lets it take part again, or lets it leave for ever. Who leaves has no valid keys and credentials
   * any more. Given again, the last reason counts, and the time stays that of the change.
   * @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError for one that has left
   */
  async changeStatus(shortName: string, status: DfspStatus, reason: string | null): Promise<Participant> {
    const retired: string[] = [];
    await this.changeAll(async (manager, all) => {
      const known = here(all, shortName);
      const { number } = known;
      if (known.status === status) {
        if (reason !== null) await manager.update(Dfsp, { number }, { statusReason: reason });
        return;
      }
      if (known.status === 'left') {
        throw unprocessable('A DFSP that has left cannot come back; register it anew, by another name and short name');
      }
      const change = { status, statusReason: reason, statusSince: new Date() };
      await manager.update(Dfsp, { number }, change);
      if (status === 'left') retired.push(...(await retireAll(manager, known)));
    });
    retired.forEach((key) => this.credentials.changedKeys.next(key));
    this.copies.forget('dfsp_keys');
    return here(await this.allDfsps(), shortName);
  }

  /** Changes are rare: one at a time keeps the numbers without gaps and the checks simple. */
  private async changeAll(
    change: (manager: EntityManager, all: readonly Participant[]) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE dfsps IN SHARE ROW EXCLUSIVE MODE');
      await change(manager, await this.readAll(manager));
    });
    this.copies.forget('dfsps');
  }

  /** Without base URLs that were replaced too long ago: they are free again. */
  private async readAll(manager: EntityManager = this.dataSource.manager): Promise<Participant[]> {
    const since = new Date(Date.now() - this.settings.formerUrlDays * MS_PER_DAY);
    const dfsps = await manager.find(Dfsp, { order: { number: 'ASC' }, take: DFSPS_MAX });
    const urls = await manager.find(FormerUrl, {
      where: { replacedAt: MoreThan(since) },
      order: { replacedAt: 'DESC' },
    });
    return dfsps.map((dfsp) => {
      const formerUrls = urls.filter(({ dfspNumber }) => dfspNumber === dfsp.number).slice(0, FORMER_URLS_MAX);
      return Object.assign(dfsp, { formerUrls });
    });
  }

  /** @throws ContractError 422 AlreadyExistsError if another DFSP has, or had, something of this one */
  private assertFree(
    dfsp: Omit<Dfsp, 'number' | 'status' | 'statusReason' | 'statusSince'>,
    others: readonly Participant[],
  ): void {
    const taken = baseUrlsOf(dfsp).find((url) =>
      others.some((other) => reservedUrlsOf(other).some((base) => areNested(url, base))),
    );
    const shortNames = others.map(({ shortName }) => shortName.toLowerCase());
    if (others.some(({ name }) => name === dfsp.name)) throw alreadyRegistered('A DFSP of this name');
    if (shortNames.includes(dfsp.shortName.toLowerCase())) throw alreadyRegistered('A DFSP of this short name');
    if (taken !== undefined) throw alreadyRegistered(`${taken}, or what is above or below it, by another DFSP,`);
    const route = this.routeOf(dfsp as Dfsp);
    const routes = others.filter(({ status }) => status !== 'left').map((other) => this.routeOf(other));
    if (routes.some(({ centralAccount }) => centralAccount === route.centralAccount))
      throw alreadyRegistered(`The account ${route.centralAccount} of the central ledger`);
    if (
      routes.some(({ ilpPrefix }) => isPrefixOf(ilpPrefix, route.ilpPrefix) || isPrefixOf(route.ilpPrefix, ilpPrefix))
    )
      throw alreadyRegistered(`The ILP prefix ${route.ilpPrefix}, or one above or below it,`);
  }
}

function isPrefixOf(one: string, other: string): boolean {
  return other.startsWith(one);
}

function here(all: readonly Participant[], shortName: string): Participant {
  const found = all.find((dfsp) => dfsp.shortName === shortName);
  if (found) return found;
  throw commonError(CommonErrorId.NotFound);
}

function newUrls({
  providerUrl,
  schemeAdapterUrl,
}: ChangeDfspDto): Partial<Pick<Dfsp, 'providerUrl' | 'schemeAdapterUrl'>> {
  return {
    ...(providerUrl !== undefined && { providerUrl: baseUrl('providerUrl', providerUrl) }),
    ...(schemeAdapterUrl !== undefined && { schemeAdapterUrl: baseUrl('schemeAdapterUrl', schemeAdapterUrl) }),
  };
}

/** Who goes back to a base URL of before has it as his present one only. */
async function keepFormerUrls(manager: EntityManager, before: Participant, after: Dfsp): Promise<void> {
  const kinds: [UrlKind, string | null, string | null][] = [
    ['provider', before.providerUrl, after.providerUrl],
    ['schemeAdapter', before.schemeAdapterUrl, after.schemeAdapterUrl],
  ];
  const replaced = kinds.filter(([, old, now]) => old !== null && old !== now);
  const present = baseUrlsOf(after);
  for (const url of present) await manager.delete(FormerUrl, { url });
  for (const [kind, url] of replaced) {
    if (present.includes(url!)) continue;
    await manager.upsert(FormerUrl, { url: url!, dfspNumber: before.number, kind, replacedAt: new Date() }, ['url']);
  }
}

async function retireAll(manager: EntityManager, { number: dfspNumber }: Dfsp): Promise<string[]> {
  const valid = { dfspNumber, retiredAt: IsNull() };
  const keys = (await manager.findBy(DfspCredential, valid)).map(({ key }) => key);
  await manager.update(DfspCredential, valid, { retiredAt: new Date() });
  await manager.update(DfspKey, valid, { retiredAt: new Date() });
  return keys;
}

function alreadyRegistered(what: string): Error {
  return commonError(CommonErrorId.AlreadyExists, { message: `${what} has already been registered` });
}

function unprocessable(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}

function baseUrlsOf({ providerUrl, schemeAdapterUrl }: Pick<Dfsp, 'providerUrl' | 'schemeAdapterUrl'>): string[] {
  return schemeAdapterUrl === null ? [providerUrl] : [providerUrl, schemeAdapterUrl];
}

/** Base URLs that no other DFSP may register, those of before included. */
function reservedUrlsOf(dfsp: Participant): string[] {
  const present = dfsp.status === 'left' ? [] : baseUrlsOf(dfsp);
  return [...present, ...dfsp.formerUrls.map(({ url }) => url)];
}
