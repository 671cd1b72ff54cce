import { IsString, MaxLength, MinLength } from 'class-validator';

/** The account of a new DFSP. */
export class NewAccountDto {
  /** @example "dfsp3" */
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  name: string;

  /** @example "a password of dfsp3" */
  @IsString()
  @MinLength(1)
  @MaxLength(1_000)
  password: string;
}
