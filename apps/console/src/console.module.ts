import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DatabaseModule } from '@level-one/platform';
import { CreateConsoleAudit1796900000100 } from './audit/create-audit.migration.js';
import { ConsoleAuditModule } from './audit/console-audit.module.js';
import { ConsoleChangesModule } from './changes/console-changes.module.js';
import { CreateConsoleChanges1796900000500 } from './changes/create-changes.migration.js';
import { ConsoleSettings } from './console.settings.js';
import { ConsoleFaultsModule } from './faults/console-faults.module.js';
import { ConsoleFrontEndModule } from './front-end/console-front-end.module.js';
import { ConsoleLiveModule } from './live/console-live.module.js';
import { ConsoleNetworkModule } from './network/console-network.module.js';
import { ConsoleOperationModule } from './operation/console-operation.module.js';
import { CreateConsoleOperation1796900000400 } from './operation/create-operation.migration.js';
import { ConsolePaymentsModule } from './payments/console-payments.module.js';
import { ConsoleRefusalsModule } from './refusals/console-refusals.module.js';
import { ConsolePhonesModule } from './phones/console-phones.module.js';
import { ConsoleSessionsModule } from './sessions/console-sessions.module.js';
import { CreateConsoleSessions1796900000200 } from './sessions/create-sessions.migration.js';
import { ConsoleTracesModule } from './traces/console-traces.module.js';
import { FindRefusedPayments1796900000600 } from './traces/find-refused.migration.js';
import { FindUnnamedRefusals1798500000700 } from './traces/find-unnamed-refusals.migration.js';
import { CreateConsoleSpans1796900000300 } from './traces/create-spans.migration.js';

@Global()
@Module({})
class ConsoleSettingsModule {
  static of(settings: ConsoleSettings): DynamicModule {
    return {
      module: ConsoleSettingsModule,
      providers: [{ provide: ConsoleSettings, useValue: settings }],
      exports: [ConsoleSettings],
    };
  }
}

@Module({})
export class ConsoleModule {
  static forRoot(settings: ConsoleSettings): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [],
          migrations: [
            CreateConsoleAudit1796900000100,
            CreateConsoleSessions1796900000200,
            CreateConsoleSpans1796900000300,
            CreateConsoleOperation1796900000400,
            CreateConsoleChanges1796900000500,
            FindRefusedPayments1796900000600,
            FindUnnamedRefusals1798500000700,
          ],
        }),
        ConsoleSettingsModule.of(settings),
        ConsoleNetworkModule,
        ConsoleAuditModule,
        ConsoleSessionsModule,
        ConsoleTracesModule,
        ConsoleLiveModule,
        ConsolePaymentsModule,
        ConsoleRefusalsModule,
        ConsolePhonesModule,
        ConsoleOperationModule,
        ConsoleChangesModule,
        ConsoleFaultsModule,
        ConsoleFrontEndModule,
      ],
    };
  }
}
