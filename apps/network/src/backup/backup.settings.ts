import { Setting } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';
import { NetworkSettings } from '../network.settings.js';

/** Settings of `npm run backup` and `npm run restore`; all have defaults. */
export class BackupSettings extends NetworkSettings {
  @Setting({
    env: 'DATABASE_SCHEMA',
    meaning: 'the one schema in DATABASE_URL to back up; the schema to restore into',
    defaultText: "every role of the demo network; the backup's own",
  })
  @IsOptional()
  @Matches(/^[a-z_][a-z0-9_]{0,62}$/, { message: 'must be a lower-case name' })
  databaseSchema?: string;
}
