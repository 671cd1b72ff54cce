import { PeerUrl } from '@level-one/peers';
import { CredentialPairs, RoleSettings, Setting, WithDatabase, WithRolePassword } from '@level-one/platform';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

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

  @Setting({
    env: 'ILP_NETWORK',
    meaning: "beginning of the ILP prefix of DFSPs that register none; the rest is the DFSP's short name and a dot",
  })
  @Matches(/^([A-Za-z0-9~_-]+\.)+$/, { message: 'must be segments that each end with a dot' })
  ilpNetwork: string = 'levelone.';

  @Setting({
    env: 'FORMER_URL_DAYS',
    unit: 'days',
    meaning: 'how long a base URL that a DFSP replaced leads to the new one, and stays closed to other DFSPs',
  })
  @IsInt()
  @Min(1)
  @Max(3_650)
  formerUrlDays: number = 365;
}
