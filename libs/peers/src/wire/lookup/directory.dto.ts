import { HTTP_URL, PageLimit } from '@level-one/platform';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, IsUrl, Length, Matches, MaxLength } from 'class-validator';
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

const SHORT_NAME = /^[A-Za-z0-9_-]{1,10}$/;
const CREDENTIAL_KEY = /^[^:\s]{1,256}$/;
const ILP_PREFIX = /^([A-Za-z0-9~_-]+\.)+$/;
const ILP_PREFIX_LENGTH_MAX = 256;
const ACCOUNT = /^[A-Za-z0-9._~-]{1,256}$/;

/** A base URL that a DFSP had before. */
export class FormerUrlDto {
  /** @example "http://127.0.0.1:3903/v1" */
  url: string;
  /** Which of the DFSP's URLs replaced it. @example "provider" */
  kind: 'provider' | 'schemeAdapter';
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
  /** A suspended DFSP is not called, and its requests are refused. @example "active" */
  status?: 'active' | 'suspended';
  /** Base URLs that it had before: what begins with one is at the URL that replaced it. */
  formerUrls?: FormerUrlDto[];
  /** ILP prefix of its ledger. @example "levelone.dfsp1." */
  ilpPrefix?: string;
  /** Its account on the central ledger. @example "dfsp1" */
  centralAccount?: string;
}

/** Query of `GET /dfsps` */
export class DfspsQueryDto {
  /** Maximum of DFSPs in the answer, 1 to 1000. @example "200" */
  @PageLimit(1000)
  limit: string = '1000';

  /** Only DFSPs that registered after this one: the last `shortName` of the page before. */
  @IsOptional()
  @Matches(SHORT_NAME, { message: 'after must be the shortName of a DFSP' })
  after?: string;
}

/** `POST /commands/register` */
export class RegisterDfspDto {
  /** @example "DFSP 3" */
  @IsString()
  @Length(1, 256)
  name: string;

  /** @example "dfsp3" */
  @Matches(SHORT_NAME, { message: 'shortName must be a token of at most 10 characters' })
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
  @Matches(CREDENTIAL_KEY, { message: 'key must be 1 to 256 characters without colon and space' })
  key?: string;

  /** Chosen by the operator; made up when absent. Only its hash is kept. @example "a-long-secret-of-dfsp3" */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  secret?: string;

  /** ILP prefix of its ledger; made from its short name when absent. @example "levelone.dfsp3." */
  @IsOptional()
  @Matches(ILP_PREFIX, { message: 'ilpPrefix must be segments that each end with a dot' })
  @MaxLength(ILP_PREFIX_LENGTH_MAX)
  ilpPrefix?: string;

  /** Its account on the central ledger; named like the DFSP when absent. @example "dfsp3" */
  @IsOptional()
  @Matches(ACCOUNT, { message: 'centralAccount must be the name of an account' })
  centralAccount?: string;
}

/** `PUT /dfsps/{shortName}`: what is absent stays. */
export class ChangeDfspDto {
  /** @example "DFSP 3" */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  name?: string;

  /** Base URL of its SPSP server. @example "http://127.0.0.1:3403/v1" */
  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(1024)
  providerUrl?: string;

  /** Base URL of its scheme adapter. @example "http://127.0.0.1:3405/scheme/adapter/v1" */
  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(1024)
  schemeAdapterUrl?: string;

  /** ILP prefix of its ledger; only for the admin. @example "levelone.dfsp3." */
  @IsOptional()
  @Matches(ILP_PREFIX, { message: 'ilpPrefix must be segments that each end with a dot' })
  @MaxLength(ILP_PREFIX_LENGTH_MAX)
  ilpPrefix?: string;

  /** Its account on the central ledger; only for the admin. @example "dfsp3" */
  @IsOptional()
  @Matches(ACCOUNT, { message: 'centralAccount must be the name of an account' })
  centralAccount?: string;
}

/** `PUT /dfsps/{shortName}/status` */
export class ChangeDfspStatusDto {
  /** `left` is for ever. @example "suspended" */
  @IsIn(['active', 'suspended', 'left'])
  status: 'active' | 'suspended' | 'left';

  /** Kept, and told to the DFSP's operators. @example "No settlement on 2026-11-30" */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  reason?: string;
}

/** Answer to `PUT /dfsps/{shortName}/status` */
export class DfspStatusDto {
  /** @example "dfsp3" */
  shortName: string;
  /** @example "suspended" */
  status: 'active' | 'suspended' | 'left';
  /** @example "No settlement on 2026-11-30" */
  reason?: string;
  /** @example "2026-11-30T09:00:00.000Z" */
  since: string;
}

/** `POST /dfsps/{shortName}/credentials`: what is absent is made up. */
export class NewDfspCredentialsDto {
  /** @example "dfsp3-2027" */
  @IsOptional()
  @Matches(CREDENTIAL_KEY, { message: 'key must be 1 to 256 characters without colon and space' })
  key?: string;

  /** Only its hash is kept. @example "another-long-secret-of-dfsp3" */
  @IsOptional()
  @IsString()
  @Length(1, 256)
  secret?: string;
}

/** Key and secret by which a DFSP calls the directory; the only time the secret is told. */
export class DfspCredentialsDto {
  /** @example "dfsp3-2027" */
  key: string;
  /** @example "another-long-secret-of-dfsp3" */
  secret: string;
}

/** A valid key of a DFSP, without its secret. */
export class ValidCredentialDto {
  /** @example "dfsp3-2027" */
  key: string;
  /** @example "2026-11-30T09:00:00.000Z" */
  addedAt: string;
}

/** Answer to `GET /dfsps/{shortName}/credentials` */
export class ValidCredentialsDto {
  /** The oldest first; two at most. */
  credentials: ValidCredentialDto[];
}

/** A valid signing key of a DFSP. */
export class ValidSigningKeyDto {
  /** @example "dfsp3-2026" */
  keyId: string;
  /** @example "2026-11-30T09:00:00.000Z" */
  addedAt: string;
}

/** Answer to `GET /dfsps/{shortName}`: what a DFSP registered, and which of its keys are valid. */
export class DfspDetailsDto extends DfspStatusDto {
  /** @example "DFSP 3" */
  name: string;
  /** @example "http://127.0.0.1:3303/v1" */
  providerUrl: string;
  /** @example "http://127.0.0.1:3305/scheme/adapter/v1" */
  schemeAdapterUrl?: string;
  /** @example "levelone.dfsp3." */
  ilpPrefix: string;
  /** @example "dfsp3" */
  centralAccount: string;
  /** Keys by which it calls the directory; the oldest first. */
  credentials: ValidCredentialDto[];
  /** Keys by which it signs requests to other DFSPs; the oldest first. Not valid while it is suspended. */
  signingKeys: ValidSigningKeyDto[];
}

/** One URL of a DFSP, called for a test. */
export class CheckedUrlDto {
  /** @example "http://127.0.0.1:3303/v1/health" */
  url: string;
  /** Whether the role there is ready. @example false */
  ok: boolean;
  /** HTTP status, if there was an answer. @example 503 */
  status?: number;
  /** Time until the answer. @example 12 */
  durationMs: number;
  /** What is wrong, in words. @example "connection refused" */
  problem?: string;
}

/** `GET /dfsps/{shortName}/connection`: what a call from the directory found just now. */
export class DfspConnectionDto {
  /** @example "dfsp3" */
  shortName: string;
  /** @example "active" */
  status: 'active' | 'suspended' | 'left';
  /** Whether everything below is in order. @example false */
  ok: boolean;
  /** Its SPSP server. */
  provider: CheckedUrlDto;
  /** Its scheme adapter, if it registered one. */
  schemeAdapter?: CheckedUrlDto;
  /** Number of valid keys by which it signs its requests; without one, other DFSPs refuse them. @example 1 */
  signingKeys: number;
}

/** `PUT /resources/{identifier}/primary` */
export class PrimaryDfspDto {
  /** Short name of a DFSP that holds the identifier. @example "dfsp2" */
  @Matches(SHORT_NAME, { message: 'dfsp must be the short name of a DFSP' })
  dfsp: string;
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

/** Registry's `PUT /users/{number}/primary` */
export class PrimaryHolderDto {
  /** `<scheme>:<dfsp>` @example "001:001" */
  @Matches(/^[0-9]{3}:[0-9]{1,10}$/)
  dfspIdentifier: string;
}
