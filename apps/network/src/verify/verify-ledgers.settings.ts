import { Setting } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';
import { NetworkSettings } from '../network.settings.js';

/** Settings of `npm run ledger:verify`; all have defaults. */
export class VerifyLedgersSettings extends NetworkSettings {
  @Setting({
    env: 'DATABASE_SCHEMA',
    meaning: 'schema of the one ledger to verify in DATABASE_URL',
    defaultText: 'every ledger of the demo network',
  })
  @IsOptional()
  @Matches(/^[a-z_][a-z0-9_]*$/, { message: 'must be a lower-case name' })
  databaseSchema: string;
}
