import { HTTP_URL, WithDfspCallers, WithSigningKey } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithRolePassword } from '@level-one/platform';
import { IsUrl, Matches, MinLength } from 'class-validator';

/** What a scheme adapter is told. */
export class SchemeAdapterSettings extends WithDfspCallers(
  WithSigningKey(WithCallers(WithRolePassword(DfspRoleSettings))),
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

  @Setting({ env: 'CENTRAL_DIRECTORY_URL', meaning: 'base URL of the central directory' })
  @IsUrl(HTTP_URL)
  centralDirectoryUrl: string;

  @Setting({ env: 'CENTRAL_DIRECTORY_KEY', meaning: 'key that the central directory gave to the DFSP' })
  @Matches(/^[^:\s]+$/, { message: 'must be a key without colon and space' })
  centralDirectoryKey: string;

  @Setting({ env: 'CENTRAL_DIRECTORY_SECRET', meaning: 'secret that goes with that key', secret: true })
  @MinLength(1)
  centralDirectorySecret: string;
}
