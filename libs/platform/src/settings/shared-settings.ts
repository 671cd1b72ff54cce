import { applyDecorators } from '@nestjs/common';
import { databaseTarget, withLibpqEnvironment } from '@level-one/work';
import { IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateBy } from 'class-validator';
import { Setting } from './settings.js';

/** Options of `IsUrl` for HTTP URLs: http or https, also with hosts without a dot, or with one at their end. */
export const HTTP_URL = {
  require_tld: false,
  require_protocol: true,
  protocols: ['http', 'https'],
  allow_underscores: true,
  allow_trailing_dot: true,
};

/** Lowest level that is logged. */
export const LogLevel = (): PropertyDecorator =>
  applyDecorators(
    Setting({ env: 'LOG_LEVEL', meaning: 'lowest level that is logged: debug, info, warn, error, silent' }),
    IsIn(['debug', 'info', 'warn', 'error', 'silent']),
  );

/** What is wrong with a connection string, without showing it; undefined: nothing. */
function connectionStringProblem(value: unknown): string | undefined {
  try {
    databaseTarget(String(value));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Connection string of a PostgreSQL database. @param optional text about what is used without one. */
export const DatabaseUrl = (optional?: string): PropertyDecorator =>
  applyDecorators(
    Setting({
      env: 'DATABASE_URL',
      meaning: "PostgreSQL database, postgres://user:password@host:port/name or another form of libpq's",
      hidden: true,
      complete: withLibpqEnvironment,
      ...(optional !== undefined && { defaultText: optional }),
    }),
    ValidateBy({
      name: 'isConnectionString',
      validator: {
        validate: (value) => connectionStringProblem(value) === undefined,
        defaultMessage: (given) => connectionStringProblem(given?.value) ?? '',
      },
    }),
    ...(optional === undefined ? [] : [IsOptional()]),
  );

const LEDGERS = { ILP_PREFIX: 'the ledger', CENTRAL_ILP_PREFIX: 'the central ledger' };

/** ILP prefix of a ledger. @param optional text about what happens without one. */
export const IlpPrefix = (env: keyof typeof LEDGERS, optional?: string): PropertyDecorator =>
  applyDecorators(
    Setting({
      env,
      meaning: `ILP prefix of ${LEDGERS[env]}, ending with a dot`,
      ...(optional !== undefined && { defaultText: optional }),
    }),
    Matches(/^([A-Za-z0-9~_-]+\.)+$/, { message: 'must be an ILP prefix that ends with a dot' }),
    ...(optional === undefined ? [] : [IsOptional()]),
  );

/** Names and passwords of callers. @param who text about who they are and what they may do. */
export const CredentialPairs = (env: string, who: string, defaultText?: string): PropertyDecorator =>
  applyDecorators(
    Setting({
      env,
      meaning: `${who}: name:password, or several of them with commas between`,
      secret: true,
      ...(defaultText !== undefined && { defaultText }),
    }),
    ...(defaultText === undefined ? [] : [IsOptional()]),
    Matches(/^[^:,\s]+:[^,\s]+(,[^:,\s]+:[^,\s]+)*$/, { message: 'must be name:password pairs with commas between' }),
  );

/** Longest lifetime of a setup. */
export const SetupLifetimeMax = (): PropertyDecorator =>
  applyDecorators(
    Setting({
      env: 'SETUP_LIFETIME_MAX_S',
      unit: 's',
      meaning: "longest lifetime of a setup, whatever the payee's DFSP says",
    }),
    IsInt(),
    Min(1),
    Max(3_600),
  );
