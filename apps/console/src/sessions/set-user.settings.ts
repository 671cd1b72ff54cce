import { DatabaseUrl, Setting } from '@level-one/platform';
import { Matches } from 'class-validator';

/** Settings of `npm run console:user`. */
export class SetUserSettings {
  @DatabaseUrl()
  databaseUrl: string;

  @Setting({ env: 'DATABASE_SCHEMA', meaning: 'schema of this instance in that database' })
  @Matches(/^[a-z_][a-z0-9_]{0,62}$/)
  databaseSchema: string = 'console';
}
