import { DfspRoleSettings, Setting } from '@level-one/platform';
import { IsUrl } from 'class-validator';

const HTTP_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** What a scheme adapter is told. */
export class SchemeAdapterSettings extends DfspRoleSettings {
  @Setting({ env: 'SPSP_CLIENT_URL', meaning: "base URL of the DFSP's own SPSP client, with its /v1" })
  @IsUrl(HTTP_URL)
  spspClientUrl: string;

  @Setting({
    env: 'SPSP_SERVER_URL',
    meaning: "base URL of the DFSP's own SPSP server as others reach it, with its /v1; invoice URLs begin with it",
  })
  @IsUrl(HTTP_URL)
  spspServerUrl: string;
}
