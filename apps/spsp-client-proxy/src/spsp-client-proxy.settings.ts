import { PeerUrl, WithLedgerAccount } from '@level-one/peers';
import { DfspRoleSettings, WithCallers, WithChannels, WithRolePassword } from '@level-one/platform';

/** Settings of an SPSP client proxy. */
export class SpspClientProxySettings extends WithLedgerAccount(
  WithChannels(WithCallers(WithRolePassword(DfspRoleSettings))),
  '`subscribe`',
) {
  @PeerUrl('SPSP_CLIENT_URL')
  spspClientUrl: string;

  @PeerUrl('SPSP_SERVER_URL')
  spspServerUrl: string;

  @PeerUrl('SCHEME_ADAPTER_URL')
  schemeAdapterUrl: string;
}
