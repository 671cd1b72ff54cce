import { HTTP_URL } from '@level-one/peers';
import { DfspRoleSettings, Setting } from '@level-one/platform';
import { IsUrl, Matches, MinLength } from 'class-validator';

/** What an SPSP backend is told. */
export class SpspBackendSettings extends DfspRoleSettings {
  @Setting({ env: 'DFSP_API_URL', meaning: "base URL of the DFSP's own API, with its /v1" })
  @IsUrl(HTTP_URL)
  dfspApiUrl: string;

  @Setting({ env: 'DFSP_API_NAME', meaning: 'name that this role gives to the DFSP API' })
  @Matches(/^[^:\s]+$/, { message: 'must be a name without colon and space' })
  dfspApiName: string;

  @Setting({ env: 'DFSP_API_PASSWORD', meaning: 'password that this role gives to the DFSP API', secret: true })
  @MinLength(1)
  dfspApiPassword: string;
}
