import { HTTP_URL } from '@level-one/platform';
import { Transform } from 'class-transformer';
import { IsBoolean, IsOptional, IsString, IsUrl, Length, Matches, MaxLength } from 'class-validator';
import { IsHttpUrl, IsText } from '../answer-checks.js';
import { KEY_ID, PUBLIC_KEY } from '../../signing/signing-key.js';

/** One DFSP that holds a number; the first of a list is the primary one (contract 2.0). */
export class DirectoryEntryDto {
  /** @example "DFSP 1" */
  @IsText()
  name: string;
  /** Base URL of the DFSP's SPSP server. @example "http://127.0.0.1:3103/v1" */
  @IsHttpUrl()
  providerUrl: string;
  /** @example "dfsp1" */
  @IsText(64)
  shortName: string;
  /** @example true */
  @IsOptional()
  @IsBoolean()
  primary: boolean;
  /** False for the configured default DFSP of an unknown number. @example true */
  @IsOptional()
  @IsBoolean()
  registered: boolean;
}

/** A public key by which a DFSP signs its requests to other DFSPs. */
export class SigningKeyDto {
  /** Chosen by the DFSP; one of its own in the whole scheme. @example "dfsp1-2026" */
  @Matches(KEY_ID, { message: 'keyId must be 1 to 64 letters, digits and any of . _ ~ : -' })
  keyId: string;

  /** Ed25519, 32 bytes, base64url. @example "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w" */
  @Matches(PUBLIC_KEY, { message: 'publicKey must be 32 bytes, base64url' })
  publicKey: string;
}

/** What a DFSP registered about itself (ruling 2): the only places others may call. */
export class DfspOriginsDto {
  /** @example "dfsp1" */
  @IsText(64)
  shortName: string;
  /** Base URL of its SPSP server. @example "http://127.0.0.1:3103/v1" */
  @IsHttpUrl()
  providerUrl: string;
  /** Base URL of its scheme adapter. @example "http://127.0.0.1:3105/scheme/adapter/v1" */
  @IsOptional()
  @IsHttpUrl()
  schemeAdapterUrl?: string;
  /** Scheme, host and port of these URLs. @example ["http://127.0.0.1:3103", "http://127.0.0.1:3105"] */
  origins: string[];
  /** Keys by which it signs its requests; those that are valid now, at most two. */
  keys?: SigningKeyDto[];
}

/** `POST /commands/register` */
export class RegisterDfspDto {
  /** @example "DFSP 3" */
  @IsString()
  @Length(1, 256)
  name: string;

  /** @example "dfsp3" */
  @Matches(/^[A-Za-z0-9_-]{1,10}$/, { message: 'shortName must be a token of at most 10 characters' })
  shortName: string;

  /** Base URL of its SPSP server. @example "http://127.0.0.1:3303/v1" */
  @IsUrl(HTTP_URL)
  @MaxLength(1024)
  providerUrl: string;

  /** Base URL of its scheme adapter. @example "http://127.0.0.1:3305/scheme/adapter/v1" */
  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(1024)
  schemeAdapterUrl?: string;

  /** Chosen by the operator; made up when absent. @example "dfsp3" */
  @IsOptional()
  @Matches(/^[^:\s]{1,256}$/, { message: 'key must be 1 to 256 characters without colon and space' })
  key?: string;

  /** Chosen by the operator; made up when absent. Only its hash is kept. @example "a-long-secret-of-dfsp3" */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  secret?: string;
}

/** Answer to a registration; the only time the secret is told. */
export class RegisteredDfspDto {
  /** @example "DFSP 3" */
  name: string;
  /** @example "dfsp3" */
  shortName: string;
  /** @example "http://127.0.0.1:3303/v1" */
  providerUrl: string;
  /** @example "http://127.0.0.1:3305/scheme/adapter/v1" */
  schemeAdapterUrl?: string;
  /** @example "dfsp3" */
  key: string;
  /** @example "a-long-secret-of-dfsp3" */
  secret: string;
}

/** `POST /resources` */
export class RegisterResourceDto {
  /** @example "eur:12345678" */
  @IsString()
  @MaxLength(64)
  identifier: string;

  /** The first DFSP of a number is its primary one; asking for it later does not take it away. @example true */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  primary?: boolean;
}

/** One row of the end user registry. */
export class RegistryEntryDto {
  /** @example "78956562" */
  @IsText(64)
  number: string;
  /** `<scheme>:<dfsp>` @example "001:001" */
  @IsText(64)
  dfspIdentifier: string;
}

/** Registry's `POST /register` */
export class RegisterUserDto {
  /** @example "12345679" */
  @Matches(/^[0-9]{1,8}$/)
  number: string;

  /** `<scheme>:<dfsp>` @example "001:001" */
  @Matches(/^[0-9]{3}:[0-9]{1,10}$/)
  dfspIdentifier: string;
}
