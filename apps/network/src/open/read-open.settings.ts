import { Setting } from '@level-one/platform';
import { IsOptional, Matches } from 'class-validator';
import { NetworkSettings } from '../network.settings.js';

/** Settings of `npm run open`; all have defaults. */
export class ReadOpenSettings extends NetworkSettings {
  @Setting({
    env: 'ROLE_URLS',
    meaning: 'base URLs of the roles to ask, with commas between',
    defaultText: 'every role of the demo network on this machine',
  })
  @IsOptional()
  @Matches(/^https?:\/\/[^,\s]+(,https?:\/\/[^,\s]+)*$/, { message: 'must be URLs with commas between' })
  roleUrls: string | undefined;

  @Setting({
    env: 'OPERATOR_CREDENTIALS',
    meaning: "name:password of an operator, of a ledger's administrator at ledgers",
    secret: true,
    defaultText: 'those of the demo network',
  })
  @IsOptional()
  @Matches(/^[^:,\s]+:[^,\s]+$/, { message: 'must be name:password' })
  operatorCredentials: string | undefined;
}
