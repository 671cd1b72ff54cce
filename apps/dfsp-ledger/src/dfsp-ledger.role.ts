import { LEDGER_TEXT_ROUTES, openStatesOfLedger, timelineOfLedger } from '@level-one/ledger';
import { jsonRpcWebsockets } from '@level-one/notifications';
import type { RoleDefinition } from '@level-one/platform';
import { DFSP_LEDGER_BASE_PATH, DfspLedgerModule } from './dfsp-ledger.module.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

export const dfspLedgerRole: RoleDefinition<DfspLedgerSettings> = {
  role: 'dfsp-ledger',
  description: "A DFSP's ledger: the Five Bells API over the accounts of its customers and its connector.",
  settings: DfspLedgerSettings,
  basePaths: [DFSP_LEDGER_BASE_PATH],
  keepsMemos: true,
  module: (settings) => DfspLedgerModule.forRoot(settings),
  openStates: ({ proposalLifetimeS }) => openStatesOfLedger(proposalLifetimeS),
  timeline: timelineOfLedger,
  webSocketAdapter: jsonRpcWebsockets,
  takesText: LEDGER_TEXT_ROUTES,
  callsNobody: true,
};
