import { Module } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { Retention } from '@level-one/work';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { OLD_ROWS } from './old-rows.js';

/** Deletes what is over. */
@Module({
  providers: [
    {
      provide: Retention,
      useFactory: (dataSource: DataSource, { retentionDays: days }: DfspApiSettings, logger: RoleLogger) =>
        new Retention({ dataSource, days, rows: OLD_ROWS, logger }),
      inject: [DataSource, DfspApiSettings, RoleLogger],
    },
  ],
})
export class RetentionModule {}
