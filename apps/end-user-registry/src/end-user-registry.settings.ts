import { CredentialPairs, RoleSettings, Setting, WithCallers, WithDatabase } from '@level-one/platform';
import { IsInt, Max, Min } from 'class-validator';

/** Settings of the end user registry. */
export class EndUserRegistrySettings extends WithCallers(WithDatabase(RoleSettings)) {
  @CredentialPairs('REGISTRY_ADMIN', 'who may register numbers')
  registryAdmin: string;

  @Setting({
    env: 'LOOKUPS_UNKNOWN',
    unit: 'requests/s',
    meaning: 'how many look-ups without credentials may come per second in all, on average over 10 s',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  lookupsUnknown: number = 5;
}
