import { IsString, MaxLength, MinLength } from 'class-validator';

/** Name and password of a user. */
export class SignInDto {
  /** @example "demo2" */
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  name: string;

  /** @example "demo2" */
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  password: string;
}

/** A user of the console. */
export class SessionUserDto {
  /** @example "demo" */
  name: string;

  /** `viewer` looks, `operator` also proposes changes, `admin` also approves those of others. @example "admin" */
  role: 'viewer' | 'operator' | 'admin';
}

/** Who uses the console. */
export class SessionDto {
  /** `demo`: nobody has to sign in. @example "demo" */
  mode: 'demo' | 'operator';

  /** Null without a session. */
  user: SessionUserDto | null;

  /** Users of the demo network, each with its name as the password. @example ["demo", "demo2"] */
  demoUsers: string[];

  /** Whether the phones may be used. @example true */
  phones: boolean;

  /** Whether faults can be switched. @example false */
  faults: boolean;
}
