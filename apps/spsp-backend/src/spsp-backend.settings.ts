import { PeerUrl } from '@level-one/peers';
import { DfspRoleSettings, WithCallers, WithRolePassword } from '@level-one/platform';

/** Settings of an SPSP backend. */
export class SpspBackendSettings extends WithCallers(WithRolePassword(DfspRoleSettings)) {
  @PeerUrl('DFSP_API_URL')
  dfspApiUrl: string;
}
