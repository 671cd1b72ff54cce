import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { User } from './user.entity.js';

/** Numbers and the DFSPs that hold them. */
@Injectable()
export class UsersService {
  constructor(private readonly dataSource: DataSource) {}

  /** The DFSPs of a number, its primary one first. @throws ContractError 404 NotFoundError when there is none. */
  async ofNumber(number: string): Promise<User[]> {
    const users = await this.repository.find({ where: { number }, order: { isPrimary: 'DESC', id: 'ASC' } });
    if (users.length === 0) throw commonError(CommonErrorId.NotFound);
    return users;
  }

  /** Entries in the order of their registration, after the one whose id is given. */
  async page(after: string, limit: number): Promise<User[]> {
    return this.repository
      .createQueryBuilder('user')
      .where('user.id > :after', { after })
      .orderBy('user.id')
      .limit(limit)
      .getMany();
  }

  /** @throws ContractError 422 AlreadyExistsError when this DFSP already holds the number. */
  async register(number: string, dfspIdentifier: string): Promise<User> {
    // The first DFSP of a number is its primary one; when two come at once, the unique index lets one be first.
    const user =
      (await this.insert(number, dfspIdentifier, true)) ?? (await this.insert(number, dfspIdentifier, false));
    if (user) return user;
    throw commonError(CommonErrorId.AlreadyExists, {
      message: 'The number has already been registered for this DFSP',
    });
  }

  private async insert(number: string, dfspIdentifier: string, isPrimary: boolean): Promise<User | undefined> {
    const { raw } = await this.repository
      .createQueryBuilder()
      .insert()
      .values({ number, dfspIdentifier, isPrimary })
      .orIgnore()
      .returning(['id'])
      .execute();
    const [row] = raw as { id: string }[];
    return row && this.repository.create({ id: row.id, number, dfspIdentifier, isPrimary });
  }

  private get repository() {
    return this.dataSource.getRepository(User);
  }
}
