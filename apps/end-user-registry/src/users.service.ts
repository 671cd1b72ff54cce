import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, KeptCopies, type KeptCopy } from '@level-one/platform';
import { DataSource } from 'typeorm';
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
