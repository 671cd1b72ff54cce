import { type DynamicModule, Module } from '@nestjs/common';
import { PeerHttp, SpspClientClient } from '@level-one/peers';
import { InvoicesController } from './invoices.controller.js';
import { SchemeAdapterSettings } from './scheme-adapter.settings.js';

@Module({})
export class SchemeAdapterModule {
  static forRoot(settings: SchemeAdapterSettings): DynamicModule {
    return {
      module: SchemeAdapterModule,
      controllers: [InvoicesController],
      providers: [
        PeerHttp,
        { provide: SchemeAdapterSettings, useValue: settings },
        {
          provide: SpspClientClient,
          useFactory: (http: PeerHttp) => new SpspClientClient(http, settings.spspClientUrl),
          inject: [PeerHttp],
        },
      ],
    };
  }
}
