import type { RoleDefinition } from '@level-one/platform';
import { openStatesOfConnector } from './forwarding/open-states.js';
import { IlpConnectorModule } from './ilp-connector.module.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

export const ilpConnectorRole: RoleDefinition<IlpConnectorSettings> = {
  role: 'ilp-connector',
  description: "Joins a DFSP's ledger to the central one: quotes, and carries holds, fulfilments and rejections.",
  settings: IlpConnectorSettings,
  basePaths: [''],
  openStates: ({ claimTryS }) => openStatesOfConnector(claimTryS),
  module: (settings) => IlpConnectorModule.forRoot(settings),
};
