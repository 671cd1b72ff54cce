import { IsInt, Matches, Max, Min, MinLength } from 'class-validator';
import { ROLES } from '../roles/identity.js';
import type { RoleSettings } from './role-settings.js';
import { Setting } from './settings.js';
import { CredentialPairs, DatabaseUrl } from './shared-settings.js';

/** Mixin for settings of a role with a database. */
export function WithDatabase<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class DatabaseSettings extends base {
    @DatabaseUrl()
    databaseUrl: string;

    @Setting({ env: 'DATABASE_SCHEMA', meaning: 'schema of this instance in that database' })
    @Matches(/^[a-z_][a-z0-9_]{0,62}$/)
    databaseSchema: string;

    @Setting({
      env: 'DATABASE_POOL_SIZE',
      unit: 'connections',
      meaning: 'maximum of connections that this instance opens',
    })
    @IsInt()
    @Min(1)
    @Max(100)
    databasePoolSize: number = 5;
  }
  return DatabaseSettings;
}

/** Mixin for settings of a role that calls other roles of its DFSP or of the centre. */
export function WithRolePassword<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class CallingSettings extends base {
    @Setting({
      env: 'ROLE_PASSWORD',
      meaning: "this role's password; it calls others by HTTP Basic with the name of the role",
      secret: true,
    })
    @MinLength(1)
    rolePassword: string;
  }
  return CallingSettings;
}

/** Mixin for settings of a role that other roles of its DFSP or of the centre call. */
export function WithCallers<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class CalledSettings extends base {
    @Setting({
      env: 'CALLERS',
      meaning: 'roles that call this one, each with its ROLE_PASSWORD: role:password, with commas between',
      secret: true,
    })
    @Matches(new RegExp(`^(${ROLES.join('|')}):[^,\\s]+(,(${ROLES.join('|')}):[^,\\s]+)*$`), {
      message: 'must be role:password pairs with commas between',
    })
    callers: string;
  }
  return CalledSettings;
}

/** Mixin for settings of a role that channels of its DFSP call. */
export function WithChannels<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class ChannelSettings extends base {
    @CredentialPairs('DFSP_API_CREDENTIALS', 'channels of the DFSP that may call')
    apiCredentials: string;
  }
  return ChannelSettings;
}

/** Settings of a database connection. */
export interface DatabaseSettings {
  databaseUrl: string;
  databaseSchema: string;
  databasePoolSize: number;
}
