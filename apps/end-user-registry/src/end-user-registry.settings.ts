import { RoleSettings, Setting, WithCallers, WithDatabase } from '@level-one/platform';
import { IsInt, Matches, Max, Min } from 'class-validator';

/** What the end user registry is told. */
export class EndUserRegistrySettings extends WithCallers(WithDatabase(RoleSettings)) {
  @Setting({
    env: 'REGISTRY_ADMIN',
    meaning: 'who may register numbers: name:password, or several of them with commas between',
    secret: true,
  })
  @Matches(/^[^:,\s]+:[^,\s]+(,[^:,\s]+:[^,\s]+)*$/, { message: 'must be name:password pairs with commas between' })
  registryAdmin: string;

  @Setting({
    env: 'LOOKUPS_UNKNOWN',
    unit: 'requests/s',
    meaning: 'lookups that all callers together may send who do not say who they are, on average over 10 s',
  })
  @IsInt()
  @Min(1)
  @Max(100_000)
  lookupsUnknown: number = 5;
}
