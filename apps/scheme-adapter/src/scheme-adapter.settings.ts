import { PeerUrl, WithCentralDirectory, WithDfspCallers, WithSigningKey } from '@level-one/peers';
import { DfspRoleSettings, WithAdmission, WithCallers, WithRolePassword } from '@level-one/platform';

/** Settings of a scheme adapter. */
export class SchemeAdapterSettings extends WithDfspCallers(
  WithSigningKey(WithCentralDirectory(WithCallers(WithRolePassword(WithAdmission(DfspRoleSettings))))),
) {
  @PeerUrl('SPSP_CLIENT_URL')
  spspClientUrl: string;

  @PeerUrl('SPSP_SERVER_URL')
  spspServerUrl: string;

  @PeerUrl('DFSP_API_URL')
  dfspApiUrl: string;
}
