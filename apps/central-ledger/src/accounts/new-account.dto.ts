import { IsString, MaxLength, MinLength } from 'class-validator';

/** A DFSP that joins. */
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
