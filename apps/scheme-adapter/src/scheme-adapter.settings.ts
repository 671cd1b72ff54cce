import { HTTP_URL, WithCentralDirectory, WithDfspCallers, WithSigningKey } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithRolePassword } from '@level-one/platform';
import { IsUrl } from 'class-validator';

/** What a scheme adapter is told. */
export class SchemeAdapterSettings extends WithDfspCallers(
  WithSigningKey(WithCentralDirectory(WithCallers(WithRolePassword(DfspRoleSettings)))),
) {
  @Setting({ env: 'SPSP_CLIENT_URL', meaning: "base URL of the DFSP's own SPSP client, with its /v1" })
  @IsUrl(HTTP_URL)
  spspClientUrl: string;

  @Setting({
    env: 'SPSP_SERVER_URL',
    meaning: "base URL of the DFSP's own SPSP server as others reach it, with its /v1; invoice URLs begin with it",
  })
  @IsUrl(HTTP_URL)
  spspServerUrl: string;

  @Setting({ env: 'DFSP_API_URL', meaning: "base URL of the DFSP's own API, with its /v1" })
  @IsUrl(HTTP_URL)
  dfspApiUrl: string;
}
