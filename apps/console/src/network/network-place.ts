import { type RoleName, ROLES } from '@level-one/platform';
import { plainToInstance, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  ValidateBy,
  ValidateNested,
  validateSync,
  type ValidationError,
} from 'class-validator';

const URL_WITHOUT_QUERY = /^https?:\/\/[^\s?#@]+[^\s?#@/]$/;
const CREDENTIALS = { message: '$property must be name:password' };
const PAIR = /^[^:,\s]+:[^,\s]+$/;
const PARTICIPANTS_MAX = 500;

/** Where one role answers. */
export class RolePlace {
  @IsIn(ROLES)
  role: RoleName;

  /** Base URL with the base path, without a slash at the end. */
  @Matches(URL_WITHOUT_QUERY, { message: '$property must be an http:// or https:// URL without a slash at its end' })
  url: string;

  /** Page of its documentation. Default: /docs at the role's root: its URL without the role's base path. */
  @IsOptional()
  @Matches(URL_WITHOUT_QUERY, { message: '$property must be an http:// or https:// URL' })
  docsUrl?: string;

  /** name:password of an operator there; of a ledger's administrator at a ledger. Default: that of the place. */
  @IsOptional()
  @Matches(PAIR, CREDENTIALS)
  operator?: string;
}

/** A person of a demo network. */
export class PersonPlace {
  @IsString()
  number: string;

  @IsString()
  name: string;

  @IsArray()
  @IsString({ each: true })
  accounts: string[];

  @IsBoolean()
  isMerchant: boolean;
}

/** The centre, or what a DFSP and the centre have in common. */
export class CentrePlace {
  /** name:password of an operator of its roles. Without it nothing of it is read but health. */
  @IsOptional()
  @Matches(PAIR, CREDENTIALS)
  operator?: string;

  @IsArray()
  @ArrayMaxSize(ROLES.length)
  @ValidateNested({ each: true })
  @Type(() => RolePlace)
  roles: RolePlace[];
}

/** A DFSP. */
export class ParticipantPlace extends CentrePlace {
  @Matches(/^[a-z][a-z0-9-]{0,9}$/, { message: '$property must be the short name of a DFSP' })
  name: string;

  /** name:password of a channel at its DFSP API, for the phones. */
  @IsOptional()
  @Matches(PAIR, CREDENTIALS)
  channel?: string;

  /** Its connector's account on its own ledger. Reconciliation compares it. */
  @IsOptional()
  @IsString()
  connectorAccount?: string;

  /** Its account on the central ledger. Default: its short name. */
  @IsOptional()
  @IsString()
  centralAccount?: string;

  /** Only in a demo network. */
  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PersonPlace)
  people?: PersonPlace[];
}

/** A network that a console looks at: where its roles are, and with which credentials they are called. */
export class NetworkPlace {
  @IsArray()
  @ArrayMaxSize(PARTICIPANTS_MAX)
  @ValidateNested({ each: true })
  @Type(() => ParticipantPlace)
  participants: ParticipantPlace[];

  @ValidateNested()
  @Type(() => CentrePlace)
  centre: CentrePlace;
}

/** Reads the setting `NETWORK`. @throws Error with what is wrong, without showing credentials */
export function networkPlaceOf(json: string): NetworkPlace {
  let plain: unknown;
  try {
    plain = JSON.parse(json);
  } catch {
    throw new Error('must be JSON');
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) throw new Error('must be a JSON object');
  const place = plainToInstance(NetworkPlace, plain);
  const problems = problemsOf(validateSync(place, { forbidUnknownValues: true }));
  if (problems.length > 0) throw new Error(problems.slice(0, 5).join(', '));
  const names = place.participants.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Error('names a participant twice');
  return place;
}

function problemsOf(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const here = path === '' ? property : `${path}.${property}`;
    return [...Object.values(constraints).map((text) => `${here}: ${text}`), ...problemsOf(children, here)];
  });
}

/** A setting with the JSON of a {@link NetworkPlace}. */
export function IsNetworkPlace(): PropertyDecorator {
  const problemWith = (value: unknown): string | undefined => {
    try {
      networkPlaceOf(String(value));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return ValidateBy({
    name: 'isNetworkPlace',
    validator: {
      validate: (value: unknown) => problemWith(value) === undefined,
      defaultMessage: (args) => problemWith(args?.value) ?? '',
    },
  });
}
