import { RoleSettings, Setting, WithDatabase, WithRolePassword } from '@level-one/platform';
import { IsOptional, IsUrl, Matches } from 'class-validator';

/** What the central directory is told. */
export class CentralDirectorySettings extends WithRolePassword(WithDatabase(RoleSettings)) {
  @Setting({
    env: 'DIRECTORY_ADMIN',
    meaning: 'who may register DFSPs: name:password, or several of them with commas between',
    secret: true,
  })
  @Matches(/^[^:,\s]+:[^,\s]+(,[^:,\s]+:[^,\s]+)*$/, { message: 'must be name:password pairs with commas between' })
  directoryAdmin: string;

  @Setting({ env: 'END_USER_REGISTRY_URL', meaning: 'base URL of the end user registry' })
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  endUserRegistryUrl: string;

  @Setting({ env: 'SCHEME', meaning: 'three digits of the own scheme, the first half of a DFSP identifier' })
  @Matches(/^[0-9]{3}$/)
  scheme: string = '001';

  @Setting({
    env: 'DEFAULT_DFSP',
    meaning: 'short name of the DFSP that is answered, with registered:false, for a number that nobody holds',
    defaultText: 'none: 404',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,10}$/)
  defaultDfsp: string;
}
