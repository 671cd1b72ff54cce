import type { RoleDefinition } from '@level-one/platform';
import { openStatesOfConnector } from './forwarding/open-states.js';
import { ILP_CONNECTOR_TIMELINE } from './forwarding/forwarded-transfers.js';
import { IlpConnectorModule } from './ilp-connector.module.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

export const ilpConnectorRole: RoleDefinition<IlpConnectorSettings> = {
  role: 'ilp-connector',
  description: "Joins a DFSP's ledger to the central one: quotes, and carries holds, fulfilments and rejections.",
  settings: IlpConnectorSettings,
  basePaths: [''],
  openStates: ({ claimTryS }) => openStatesOfConnector(claimTryS),
  timeline: () => ILP_CONNECTOR_TIMELINE,
  module: (settings) => IlpConnectorModule.forRoot(settings),
};
