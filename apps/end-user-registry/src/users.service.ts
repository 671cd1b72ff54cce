import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, KeptCopies, type KeptCopy } from '@level-one/platform';
import { DataSource, type EntityManager } from 'typeorm';
import { User } from './user.entity.js';

/** Maximum of numbers in memory. */
const KEPT_MAX = 50_000;

/** Numbers and the DFSPs that hold them. */
@Injectable()
export class UsersService {
  private readonly kept: KeptCopy<User[] | undefined>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly copies: KeptCopies,
  ) {
    const select = copies.statements.tableOf(User).select('WHERE number = $1 ORDER BY is_primary DESC, id');
    this.kept = copies.keep({
      tables: ['users'],
      max: KEPT_MAX,
      load: async (number) => {
        const users = await select(number);
        return users.length === 0 ? undefined : users;
      },
    });
  }

  /** The DFSPs of a number, the primary one first. @throws ContractError 404 NotFoundError if there is none */
  async usersOfNumber(number: string): Promise<User[]> {
    const users = await this.kept.read(number);
    if (!users) throw commonError(CommonErrorId.NotFound);
    return users;
  }

  /** Up to `limit` entries in the order of registration, after the entry with id `after`. */
  async listUsers(after: string, limit: number): Promise<User[]> {
    return this.repository
      .createQueryBuilder('user')
      .where('user.id > :after', { after })
      .orderBy('user.id')
      .limit(limit)
      .getMany();
  }

  /** Registers a number for a DFSP. @throws ContractError 422 AlreadyExistsError if this DFSP holds it already */
  async registerNumber(number: string, dfspIdentifier: string): Promise<User> {
    // The first DFSP of a number is its primary one; of two at once the unique index lets one win.
    const user =
      (await this.insertUser(number, dfspIdentifier, true)) ?? (await this.insertUser(number, dfspIdentifier, false));
    if (user) return user;
    throw commonError(CommonErrorId.AlreadyExists, {
      message: 'The number has already been registered for this DFSP',
    });
  }

  /**
   * Takes a number from a DFSP; the one that registered it next becomes the primary one.
   * @throws ContractError 404 NotFoundError if the DFSP does not hold it
   */
  async removeNumber(number: string, dfspIdentifier: string): Promise<void> {
    await this.changeHolders(number, async (manager, holders) => {
      const held = holders.find((user) => user.dfspIdentifier === dfspIdentifier);
      if (!held) throw commonError(CommonErrorId.NotFound);
      await manager.delete(User, { id: held.id });
      const next = holders.find((user) => user !== held);
      if (held.isPrimary && next) await manager.update(User, { id: next.id }, { isPrimary: true });
    });
  }

  /**
   * Makes a DFSP that holds a number its primary one. @returns the DFSPs of the number, the primary one first
   * @throws ContractError 404 NotFoundError if the DFSP does not hold it
   */
  async makePrimary(number: string, dfspIdentifier: string): Promise<User[]> {
    await this.changeHolders(number, async (manager, holders) => {
      const chosen = holders.find((user) => user.dfspIdentifier === dfspIdentifier);
      if (!chosen) throw commonError(CommonErrorId.NotFound);
      await manager.update(User, { number, isPrimary: true }, { isPrimary: false });
      await manager.update(User, { id: chosen.id }, { isPrimary: true });
    });
    return this.usersOfNumber(number);
  }

  /** Changes the DFSPs of a number, given in the order of registration; one change at a time. */
  private async changeHolders(
    number: string,
    change: (manager: EntityManager, holders: User[]) => Promise<void>,
  ): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const lock = { mode: 'pessimistic_write' } as const;
      await change(manager, await manager.find(User, { where: { number }, order: { id: 'ASC' }, lock }));
    });
    this.copies.forget('users', number);
  }

  private async insertUser(number: string, dfspIdentifier: string, isPrimary: boolean): Promise<User | undefined> {
    const { raw } = await this.repository
      .createQueryBuilder()
      .insert()
      .values({ number, dfspIdentifier, isPrimary })
      .orIgnore()
      .returning(['id'])
      .execute();
    this.copies.forget('users', number);
    const [row] = raw as { id: string }[];
    return row && this.repository.create({ id: row.id, number, dfspIdentifier, isPrimary });
  }

  private get repository() {
    return this.dataSource.getRepository(User);
  }
}
