import { HTTP_URL } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithRolePassword } from '@level-one/platform';
import { IsUrl } from 'class-validator';

/** What an SPSP backend is told. */
export class SpspBackendSettings extends WithCallers(WithRolePassword(DfspRoleSettings)) {
  @Setting({ env: 'DFSP_API_URL', meaning: "base URL of the DFSP's own API, with its /v1" })
  @IsUrl(HTTP_URL)
  dfspApiUrl: string;
}
