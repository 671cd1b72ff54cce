import { HTTP_URL, Setting } from '@level-one/platform';
import { IsInt, IsOptional, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';
import { CONNECTION_OPTIONS as OPTION } from './connection-options.js';

const CREDENTIALS = /^[^:,\s]+:[^,\s]+$/;
const CREDENTIALS_RULE = { message: 'must be name:password' };

/** How the command line reaches a network. */
export class ConnectionSettings {
  @Setting(OPTION.portBase)
  @IsInt()
  @Min(1024)
  @Max(65_000)
  portBase: number = 3000;

  @Setting(OPTION.dfsp)
  @IsOptional()
  @MinLength(1)
  dfsp: string | undefined;

  @Setting(OPTION.dfspApiUrl)
  @IsOptional()
  @IsUrl(HTTP_URL)
  dfspApiUrl: string | undefined;

  @Setting({ ...OPTION.dfspApiCredentials, hidden: true })
  @IsOptional()
  @Matches(CREDENTIALS, CREDENTIALS_RULE)
  dfspApiCredentials: string | undefined;

  @Setting(OPTION.dfspLedgerUrl)
  @IsOptional()
  @IsUrl(HTTP_URL)
  dfspLedgerUrl: string | undefined;

  @Setting(OPTION.centralLedgerUrl)
  @IsOptional()
  @IsUrl(HTTP_URL)
  centralLedgerUrl: string | undefined;

  @Setting(OPTION.centralDirectoryUrl)
  @IsOptional()
  @IsUrl(HTTP_URL)
  centralDirectoryUrl: string | undefined;

  @Setting(OPTION.consoleUrl)
  @IsOptional()
  @IsUrl(HTTP_URL)
  consoleUrl: string | undefined;

  @Setting({ ...OPTION.operatorCredentials, hidden: true })
  @IsOptional()
  @Matches(CREDENTIALS, CREDENTIALS_RULE)
  operatorCredentials: string | undefined;
}
