import { Injectable } from '@nestjs/common';
import { DataSource, type QueryDeepPartialEntity } from 'typeorm';
import { Setup } from './setup.entity.js';

/** Payments that were set up. */
@Injectable()
export class SetupsRepository {
  constructor(private readonly dataSource: DataSource) {}

  findSetup(paymentId: string): Promise<Setup | null> {
    return this.dataSource.manager.findOneBy(Setup, { paymentId });
  }

  /** Keeps what was answered first under an id, and answers it. */
  async keepFirst(setup: Setup): Promise<Setup> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(Setup)
      .values(setup as QueryDeepPartialEntity<Setup>)
      .orIgnore()
      .execute();
    return this.dataSource.manager.findOneByOrFail(Setup, { paymentId: setup.paymentId });
  }
}
