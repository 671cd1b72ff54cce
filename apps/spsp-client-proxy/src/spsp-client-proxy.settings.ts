import { HTTP_URL } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithChannels, WithRolePassword } from '@level-one/platform';
import { IsUrl, MinLength } from 'class-validator';

/** What an SPSP client proxy is told. */
export class SpspClientProxySettings extends WithChannels(WithCallers(WithRolePassword(DfspRoleSettings))) {
  @Setting({ env: 'SPSP_CLIENT_URL', meaning: "base URL of the DFSP's own SPSP client, with its /v1" })
  @IsUrl(HTTP_URL)
  spspClientUrl: string;

  @Setting({
    env: 'SPSP_SERVER_URL',
    meaning: "base URL of the DFSP's own SPSP server as others reach it, with its /v1; invoice URLs begin with it",
  })
  @IsUrl(HTTP_URL)
  spspServerUrl: string;

  @Setting({ env: 'SCHEME_ADAPTER_URL', meaning: "base URL of the DFSP's own scheme adapter, …/scheme/adapter/v1" })
  @IsUrl(HTTP_URL)
  schemeAdapterUrl: string;

  @Setting({ env: 'LEDGER_ADAPTER_URL', meaning: "base URL of the DFSP's own ledger adapter, with its /ilp/ledger/v1" })
  @IsUrl(HTTP_URL)
  ledgerAdapterUrl: string;

  @Setting({ env: 'LEDGER_NAME', meaning: 'account whose rights this role has on the ledger; it needs `subscribe`' })
  @MinLength(1)
  ledgerName: string;

  @Setting({ env: 'LEDGER_PASSWORD', meaning: 'password of that account', secret: true })
  @MinLength(1)
  ledgerPassword: string;
}
