import { Injectable } from '@nestjs/common';
import { outsideBaseUrl, pathBelow, type RegisterDfspDto, type RegisteredDfspDto } from '@level-one/peers';
import { CommonErrorId, commonError, hashSecret, KeptCopies, type KeptCopy, secretProblem } from '@level-one/platform';
import { randomBytes } from 'node:crypto';
import { Subject } from 'rxjs';
import { DataSource, type EntityManager } from 'typeorm';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import { Dfsp } from './dfsp.entity.js';

/** Maximum of DFSPs: their number has three digits. */
const DFSPS_MAX = 999;
const KEY_BYTES = 16;
const SECRET_BYTES = 32;
/** Key of the copy of the DFSPs: they are kept together. */
const ALL = 'all';

/** The DFSPs of the scheme. */
@Injectable()
export class DfspsService {
  /** Emits the key of each new DFSP, so that an earlier refusal of the key is removed from the cache. */
  readonly registeredKeys = new Subject<string>();

  private readonly kept: KeptCopy<readonly Dfsp[]>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
    private readonly settings: CentralDirectorySettings,
  ) {
    // Without the hashes of their secrets, which only logins need.
    const load = (): Promise<Dfsp[]> => this.repository.find({ order: { number: 'ASC' }, take: DFSPS_MAX });
    this.kept = copies.keep({ tables: ['dfsps'], max: 1, load });
  }

  /** All DFSPs, in the order of registration. */
  allDfsps(): Promise<readonly Dfsp[]> {
    return this.kept.read(ALL);
  }

  async dfspsOfNumbers(numbers: readonly number[]): Promise<Dfsp[]> {
    return (await this.allDfsps()).filter(({ number }) => numbers.includes(number));
  }

  async dfspOfShortName(shortName: string): Promise<Dfsp | undefined> {
    return (await this.allDfsps()).find((dfsp) => dfsp.shortName === shortName);
  }

  /** The DFSP with these Basic credentials, with the hash of its secret. */
  dfspOfKey(key: string): Promise<Dfsp | null> {
    return this.repository
      .createQueryBuilder('dfsp')
      .addSelect('dfsp.secretHash')
      .where('dfsp.key = :key', { key })
      .getOne();
  }

  /**
   * @throws ContractError 422 AlreadyExistsError if its name, short name, key or one of its base URLs is taken; 422
   * UnprocessableEntityError for a weak secret or a URL that cannot be a base URL
   */
  async registerDfsp(request: RegisterDfspDto): Promise<RegisteredDfspDto> {
    const key = request.key ?? randomBytes(KEY_BYTES).toString('hex');
    const secret = request.secret ?? randomBytes(SECRET_BYTES).toString('base64url');
    const problem = this.settings.demoNetwork ? undefined : secretProblem(secret, key);
    if (problem) throw unprocessable(`The secret ${problem}`);
    const { name, shortName } = request;
    const providerUrl = baseUrl('providerUrl', request.providerUrl);
    const schemeAdapterUrl =
      request.schemeAdapterUrl === undefined ? null : baseUrl('schemeAdapterUrl', request.schemeAdapterUrl);
    const origins = [...new Set([providerUrl, schemeAdapterUrl ?? providerUrl].map((url) => new URL(url).origin))];
    const secretHash = await hashSecret(secret);
    await this.dataSource.transaction((manager) =>
      insertDfsp(manager, { name, shortName, providerUrl, schemeAdapterUrl, origins, key, secretHash }),
    );
    this.copies.forget('dfsps');
    this.registeredKeys.next(key);
    return { name, shortName, providerUrl, ...(schemeAdapterUrl === null ? {} : { schemeAdapterUrl }), key, secret };
  }

  private get repository() {
    return this.dataSource.getRepository(Dfsp);
  }
}

async function insertDfsp(manager: EntityManager, dfsp: Omit<Dfsp, 'number'>): Promise<void> {
  // Registrations are rare: the lock keeps the numbers without gaps and the checks below simple.
  await manager.query('LOCK TABLE dfsps IN SHARE ROW EXCLUSIVE MODE');
  const others = await manager.find(Dfsp);
  const shortNames = others.map(({ shortName }) => shortName.toLowerCase());
  const own = baseUrlsOf(dfsp);
  const takenUrl = own.find((url) => others.some((other) => baseUrlsOf(other).some((base) => areNested(url, base))));
  if (others.some(({ name }) => name === dfsp.name)) throw alreadyRegistered('A DFSP of this name');
  if (shortNames.includes(dfsp.shortName.toLowerCase())) throw alreadyRegistered('A DFSP of this short name');
  if (others.some(({ key }) => key === dfsp.key)) throw alreadyRegistered('This key');
  if (takenUrl !== undefined) throw alreadyRegistered(`${takenUrl}, or what is above or below it, by another DFSP,`);
  if (others.length >= DFSPS_MAX) throw unprocessable(`A scheme has at most ${DFSPS_MAX} DFSPs`);
  await manager.insert(Dfsp, { ...dfsp, number: others.length + 1 });
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

/** Whether two base URLs are equal or nested: then a URL would belong to both. */
function areNested(one: string, other: string): boolean {
  return pathBelow(new URL(one), other) !== undefined || pathBelow(new URL(other), one) !== undefined;
}

/** Normalises a base URL; no slash at the end. @throws ContractError 422 UnprocessableEntityError */
function baseUrl(field: string, text: string): string {
  const base = outsideBaseUrl(text);
  if (base !== undefined) return base;
  throw unprocessable(`${field} must be a plain URL of scheme, host, port and path, nothing of it encoded`);
}
