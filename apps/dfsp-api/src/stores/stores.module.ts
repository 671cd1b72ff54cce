import { Module } from '@nestjs/common';
import { InvoiceNotificationRepository, InvoiceRepository } from '@level-one/invoice';
import { QuoteRepository } from '@level-one/quote';
import { FeeRules, Limits } from '@level-one/tariff';
import { HotStatements, KeptCopies } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Repositories and rules of the domain libraries, on this DFSP's database. */
@Module({
  providers: [
    {
      provide: InvoiceRepository,
      useFactory: (dataSource: DataSource, statements: HotStatements) => new InvoiceRepository(dataSource, statements),
      inject: [DataSource, HotStatements],
    },
    {
      provide: InvoiceNotificationRepository,
      useFactory: (dataSource: DataSource, statements: HotStatements) =>
        new InvoiceNotificationRepository(dataSource, statements),
      inject: [DataSource, HotStatements],
    },
    {
      provide: QuoteRepository,
      useFactory: (dataSource: DataSource, statements: HotStatements) => new QuoteRepository(dataSource, statements),
      inject: [DataSource, HotStatements],
    },
    {
      provide: FeeRules,
      useFactory: (dataSource: DataSource, copies: KeptCopies, { scale, currency }: DfspApiSettings) =>
        new FeeRules(dataSource, copies, scale, currency),
      inject: [DataSource, KeptCopies, DfspApiSettings],
    },
    {
      provide: Limits,
      useFactory: (dataSource: DataSource, statements: HotStatements, copies: KeptCopies, settings: DfspApiSettings) =>
        new Limits({ dataSource, statements, copies }, settings),
      inject: [DataSource, HotStatements, KeptCopies, DfspApiSettings],
    },
  ],
  exports: [InvoiceRepository, InvoiceNotificationRepository, QuoteRepository, FeeRules, Limits],
})
export class StoresModule {}
