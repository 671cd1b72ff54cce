import { CLOSED_WINDOWS, LEDGER_TEXT_ROUTES, openStatesOfLedger, timelineOfLedger } from '@level-one/ledger';
import { jsonRpcWebsockets } from '@level-one/notifications';
import type { RoleDefinition } from '@level-one/platform';
import { CentralLedgerModule } from './central-ledger.module.js';
import { CentralLedgerSettings } from './central-ledger.settings.js';

export const centralLedgerRole: RoleDefinition<CentralLedgerSettings> = {
  role: 'central-ledger',
  description: "The scheme's ledger: the Five Bells API over one account for each DFSP, and their positions.",
  settings: CentralLedgerSettings,
  basePaths: [''],
  keepsMemos: true,
  module: (settings) => CentralLedgerModule.forRoot(settings),
  openStates: ({ proposalLifetimeS }) => [...openStatesOfLedger(proposalLifetimeS), CLOSED_WINDOWS],
  timeline: timelineOfLedger,
  webSocketAdapter: jsonRpcWebsockets,
  takesText: LEDGER_TEXT_ROUTES,
  callsNobody: true,
};
