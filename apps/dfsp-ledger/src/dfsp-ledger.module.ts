import { type DynamicModule, Module } from '@nestjs/common';
import { ChargesController, LedgerEngineModule } from '@level-one/ledger';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

export const DFSP_LEDGER_BASE_PATH = 'ledger';

/** The ledger of one DFSP: the accounts of its customers, and of its connector. */
@Module({})
export class DfspLedgerModule {
  static forRoot(settings: DfspLedgerSettings): DynamicModule {
    return {
      module: DfspLedgerModule,
      imports: [
        LedgerEngineModule.forRoot({
          settings,
          basePath: DFSP_LEDGER_BASE_PATH,
          controllers: [ChargesController],
        }),
      ],
    };
  }
}
