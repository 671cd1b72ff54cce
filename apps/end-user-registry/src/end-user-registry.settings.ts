import { RoleSettings, Setting, WithCallers, WithDatabase } from '@level-one/platform';
import { Matches } from 'class-validator';

/** What the end user registry is told. */
export class EndUserRegistrySettings extends WithCallers(WithDatabase(RoleSettings)) {
  @Setting({
    env: 'REGISTRY_ADMIN',
    meaning: 'who may register numbers: name:password, or several of them with commas between',
    secret: true,
  })
  @Matches(/^[^:,\s]+:[^,\s]+(,[^:,\s]+:[^,\s]+)*$/, { message: 'must be name:password pairs with commas between' })
  registryAdmin: string;
}
