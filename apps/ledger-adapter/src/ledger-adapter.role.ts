import { jsonRpcWebsockets } from '@level-one/notifications';
import type { RoleDefinition } from '@level-one/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ADAPTER_BASE_PATHS } from './relay/adapter-path.js';
import { LedgerAdapterModule } from './ledger-adapter.module.js';
import { LedgerAdapterSettings } from './ledger-adapter.settings.js';

/** Relays bodies unchanged, so that the ledger checks credentials first and then the body. */
function keepBodiesAsBytes(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().removeAllContentTypeParsers();
  app.useBodyParser('*', {}, (_request, body, done) => done(null, body));
}

export const ledgerAdapterRole: RoleDefinition<LedgerAdapterSettings> = {
  role: 'ledger-adapter',
  description: "The interledger side of a DFSP's ledger: the Five Bells API, relayed to the ledger that the DFSP has.",
  settings: LedgerAdapterSettings,
  basePaths: ADAPTER_BASE_PATHS,
  module: (settings) => LedgerAdapterModule.forRoot(settings),
  webSocketAdapter: jsonRpcWebsockets,
  configure: keepBodiesAsBytes,
};
