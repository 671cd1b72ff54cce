import { Injectable } from '@nestjs/common';
import { publicKeyOf, type SigningKeyDto, type ValidSigningKeyDto } from '@level-one/peers';
import { CommonErrorId, commonError, KeptCopies, type KeptCopy } from '@level-one/platform';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { Dfsp } from './dfsp.entity.js';
import { DfspKey } from './dfsp-key.entity.js';

/** Maximum of valid keys of a DFSP: a new key is registered while the old one is in use. */
const VALID_KEYS_MAX = 2;
/** Maximum of keys of a DFSP, including retired ones. */
const KEYS_MAX = 1_000;
/** Key of the copy of the valid keys: they are kept together. */
const VALID = 'valid';

/** Keys by which DFSPs sign requests to each other. */
@Injectable()
export class DfspKeysService {
  private readonly kept: KeptCopy<ReadonlyMap<number, SigningKeyDto[]>>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
  ) {
    this.kept = copies.keep({ tables: ['dfsp_keys'], max: 1, load: () => this.readValidKeys() });
  }

  /** Valid keys, by the number of their DFSP. */
  validKeys(): Promise<ReadonlyMap<number, SigningKeyDto[]>> {
    return this.kept.read(VALID);
  }

  /** Valid keys of a DFSP with their times, the oldest first. */
  async listValid({ number: dfspNumber }: Dfsp): Promise<ValidSigningKeyDto[]> {
    const valid = await this.repository.find({
      where: { dfspNumber, retiredAt: IsNull() },
      order: { addedAt: 'ASC', keyId: 'ASC' },
    });
    return valid.map(({ keyId, addedAt }) => ({ keyId, addedAt: addedAt.toISOString() }));
  }

  private async readValidKeys(): Promise<Map<number, SigningKeyDto[]>> {
    const keys = await this.repository.find({
      where: { retiredAt: IsNull() },
      order: { addedAt: 'ASC', keyId: 'ASC' },
    });
    const byDfsp = new Map<number, SigningKeyDto[]>();
    for (const key of keys) byDfsp.set(key.dfspNumber, [...(byDfsp.get(key.dfspNumber) ?? []), key]);
    return byDfsp;
  }

  /**
   * Registers a key; a repeated request changes nothing.
   * @throws ContractError 400 InvalidBodyError if it is no key; 422 AlreadyExistsError for an id or a key that is or
   * was in use, UnprocessableEntityError if two keys are valid already
   */
  async addKey(dfsp: Dfsp, { keyId, publicKey }: SigningKeyDto): Promise<SigningKeyDto> {
    if (!publicKeyOf(publicKey)) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'publicKey must be an Ed25519 public key' });
    }
    await this.dataSource.transaction(async (manager) => {
      // One change at a time, so that there are never three valid keys.
      await manager.query('SELECT 1 FROM dfsps WHERE number = $1 FOR UPDATE', [dfsp.number]);
      if (await isThere(manager, { keyId, publicKey, dfspNumber: dfsp.number })) return;
      await assertRoom(manager, dfsp.number);
      await insertKey(manager, { keyId, publicKey, dfspNumber: dfsp.number });
    });
    this.copies.forget('dfsp_keys');
    return { keyId, publicKey };
  }

  /**
   * Retires a key; it cannot be registered again. A repeated request changes nothing.
   * @throws ContractError 404 NotFoundError if the DFSP never had it
   */
  async retireKey({ number: dfspNumber }: Dfsp, keyId: string): Promise<void> {
    await this.repository.update({ keyId, dfspNumber, retiredAt: IsNull() }, { retiredAt: new Date() });
    this.copies.forget('dfsp_keys');
    if (!(await this.repository.existsBy({ keyId, dfspNumber }))) throw commonError(CommonErrorId.NotFound);
  }

  private get repository() {
    return this.dataSource.getRepository(DfspKey);
  }
}

type NewKey = Pick<DfspKey, 'keyId' | 'publicKey' | 'dfspNumber'>;

async function isThere(manager: EntityManager, { keyId, publicKey, dfspNumber }: NewKey): Promise<boolean> {
  const known = await manager.findBy(DfspKey, [{ keyId }, { publicKey }]);
  if (known.length === 0) return false;
  const isSame = known.every(
    (key) => key.keyId === keyId && key.publicKey === publicKey && key.dfspNumber === dfspNumber && !key.retiredAt,
  );
  if (isSame) return true;
  throw inUse();
}

async function assertRoom(manager: EntityManager, dfspNumber: number): Promise<void> {
  const valid = await manager.countBy(DfspKey, { dfspNumber, retiredAt: IsNull() });
  const all = await manager.countBy(DfspKey, { dfspNumber });
  if (valid < VALID_KEYS_MAX && all < KEYS_MAX) return;
  const message =
    valid < VALID_KEYS_MAX
      ? `A DFSP registers at most ${KEYS_MAX} keys`
      : `${VALID_KEYS_MAX} keys are valid already; retire one first`;
  throw commonError(CommonErrorId.UnprocessableEntity, { message });
}

async function insertKey(manager: EntityManager, key: NewKey): Promise<void> {
  const { raw } = await manager
    .createQueryBuilder()
    .insert()
    .into(DfspKey)
    .values(key)
    .orIgnore()
    .returning(['keyId'])
    .execute();
  // A request of another DFSP was faster.
  if ((raw as unknown[]).length === 0) throw inUse();
}

function inUse(): Error {
  return commonError(CommonErrorId.AlreadyExists, { message: 'This keyId, or this key, is or was in use' });
}
