import { Injectable } from '@nestjs/common';
import type { DfspCredentialsDto, NewDfspCredentialsDto, ValidCredentialDto } from '@level-one/peers';
import { CommonErrorId, commonError, hashSecret, matchesHash, secretProblem } from '@level-one/platform';
import { randomBytes } from 'node:crypto';
import { Subject } from 'rxjs';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import type { Dfsp } from './dfsp.entity.js';
import { DfspCredential } from './dfsp-credential.entity.js';

/** Maximum of valid credentials of a DFSP: new ones are made while the old ones are in use. */
const VALID_MAX = 2;
/** Maximum of credentials of a DFSP, including retired ones. */
const CREDENTIALS_MAX = 1_000;
const KEY_BYTES = 16;
const SECRET_BYTES = 32;

/** New credentials of a DFSP; the secret is told once, and only its hash is kept. */
export interface MadeCredentials extends DfspCredentialsDto {
  secretHash: string;
}

/** Keys and secrets by which DFSPs call the directory. */
@Injectable()
export class DfspCredentialsService {
  /** Emits each key that became valid or invalid. */
  readonly changedKeys = new Subject<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: CentralDirectorySettings,
  ) {}

  /** Valid credentials with this key. */
  findValid(key: string): Promise<DfspCredential | null> {
    return this.repository.findOneBy({ key, retiredAt: IsNull() });
  }

  /** Valid keys of a DFSP, the oldest first. */
  async listValid({ number: dfspNumber }: Dfsp): Promise<ValidCredentialDto[]> {
    const valid = await this.repository.find({
      where: { dfspNumber, retiredAt: IsNull() },
      order: { addedAt: 'ASC', key: 'ASC' },
    });
    return valid.map(({ key, addedAt }) => ({ key, addedAt: addedAt.toISOString() }));
  }

  /** Completes what the caller did not choose. @throws ContractError 422 UnprocessableEntityError for a weak secret */
  async makeCredentials(chosen: NewDfspCredentialsDto): Promise<MadeCredentials> {
    const key = chosen.key ?? randomBytes(KEY_BYTES).toString('hex');
    const secret = chosen.secret ?? randomBytes(SECRET_BYTES).toString('base64url');
    const problem = this.settings.demoNetwork ? undefined : secretProblem(secret, key);
    if (problem) throw commonError(CommonErrorId.UnprocessableEntity, { message: `The secret ${problem}` });
    return { key, secret, secretHash: await hashSecret(secret) };
  }

  /**
   * Makes further credentials valid beside the present ones. A repeated request with a key and a secret changes nothing.
   * @throws ContractError 422 AlreadyExistsError for a key that is or was in use, UnprocessableEntityError if two are
   * valid already or the secret is weak
   */
  async addCredentials(dfsp: Dfsp, chosen: NewDfspCredentialsDto): Promise<DfspCredentialsDto> {
    const made = await this.makeCredentials(chosen);
    await this.dataSource.transaction(async (manager) => {
      await lockDfsp(manager, dfsp);
      if (await isThere(manager, dfsp, made)) return;
      await assertRoom(manager, dfsp);
      await insertCredentials(manager, dfsp.number, made);
    });
    this.changedKeys.next(made.key);
    return { key: made.key, secret: made.secret };
  }

  /**
   * Retires credentials; their key cannot be used again. A repeated request changes nothing.
   * @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError for the last valid ones
   */
  async retireCredentials(dfsp: Dfsp, key: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await lockDfsp(manager, dfsp);
      const known = await manager.findOneBy(DfspCredential, { dfspNumber: dfsp.number, key });
      if (!known) throw commonError(CommonErrorId.NotFound);
      if (known.retiredAt) return;
      if ((await countValid(manager, dfsp)) === 1) throw isLast();
      await manager.update(DfspCredential, { key }, { retiredAt: new Date() });
    });
    this.changedKeys.next(key);
  }

  private get repository() {
    return this.dataSource.getRepository(DfspCredential);
  }
}

/** Stores the credentials of a DFSP. @throws ContractError 422 AlreadyExistsError */
export async function insertCredentials(
  manager: EntityManager,
  dfspNumber: number,
  { key, secretHash }: MadeCredentials,
): Promise<void> {
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(DfspCredential)
    .values({ key, dfspNumber, secretHash })
    .orIgnore()
    .returning(['key'])
    .execute();
  if ((raw as unknown[]).length > 0) return;
  throw commonError(CommonErrorId.AlreadyExists, { message: 'This key is or was in use' });
}

/** One change at a time, so that there are never three valid credentials, and never none. */
async function lockDfsp(manager: EntityManager, { number }: Dfsp): Promise<void> {
  await manager.query('SELECT 1 FROM dfsps WHERE number = $1 FOR UPDATE', [number]);
}

function countValid(manager: EntityManager, { number: dfspNumber }: Dfsp): Promise<number> {
  return manager.countBy(DfspCredential, { dfspNumber, retiredAt: IsNull() });
}

async function isThere(
  manager: EntityManager,
  { number: dfspNumber }: Dfsp,
  { key, secret }: MadeCredentials,
): Promise<boolean> {
  const known = await manager.findOneBy(DfspCredential, { dfspNumber, key, retiredAt: IsNull() });
  return known !== null && (await matchesHash(secret, known.secretHash));
}

async function assertRoom(manager: EntityManager, dfsp: Dfsp): Promise<void> {
  if ((await countValid(manager, dfsp)) >= VALID_MAX) {
    const message = `${VALID_MAX} keys with their secrets are valid already; retire one first`;
    throw commonError(CommonErrorId.UnprocessableEntity, { message });
  }
  if ((await manager.countBy(DfspCredential, { dfspNumber: dfsp.number })) < CREDENTIALS_MAX) return;
  const message = `A DFSP has at most ${CREDENTIALS_MAX} keys with a secret`;
  throw commonError(CommonErrorId.UnprocessableEntity, { message });
}

function isLast(): Error {
  const message = 'A DFSP keeps one key with a secret; add new ones first';
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}
