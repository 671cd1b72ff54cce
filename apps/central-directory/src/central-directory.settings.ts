import { PeerUrl } from '@level-one/peers';
import { CredentialPairs, RoleSettings, Setting, WithDatabase, WithRolePassword } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';

/** Settings of the central directory. */
export class CentralDirectorySettings extends WithRolePassword(WithDatabase(RoleSettings)) {
  @CredentialPairs('DIRECTORY_ADMIN', 'who may register DFSPs')
  directoryAdmin: string;

  @PeerUrl('END_USER_REGISTRY_URL')
  endUserRegistryUrl: string;

  @Setting({ env: 'SCHEME', meaning: 'three digits of the own scheme, the first half of a DFSP identifier' })
  @Matches(/^[0-9]{3}$/)
  scheme: string = '001';

  @Setting({
    env: 'DEFAULT_DFSP',
    meaning: 'short name of the DFSP that is answered, with registered:false, for a number that no DFSP holds',
    defaultText: 'none: 404',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{1,10}$/)
  defaultDfsp: string;
}
