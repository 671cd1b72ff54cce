import { PeerUrl, WithCentralDirectory, WithDfspCallers, WithSigningKey } from '@level-one/peers';
import { DfspRoleSettings, WithAdmission, WithCallers, WithDatabase, WithRolePassword } from '@level-one/platform';

/** Settings of a scheme adapter. */
export class SchemeAdapterSettings extends WithDfspCallers(
  WithSigningKey(WithCentralDirectory(WithCallers(WithRolePassword(WithAdmission(WithDatabase(DfspRoleSettings)))))),
) {
  @PeerUrl('SPSP_CLIENT_URL')
  spspClientUrl: string;

  @PeerUrl('SPSP_SERVER_URL')
  spspServerUrl: string;

  @PeerUrl('DFSP_API_URL')
  dfspApiUrl: string;
}
