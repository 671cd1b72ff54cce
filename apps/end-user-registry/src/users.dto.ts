import { PageLimit } from '@level-one/platform';
import { RegistryEntryDto } from '@level-one/peers';
import { IsOptional, Matches } from 'class-validator';

/** `GET /user` */
export class UserQueryDto {
  /** At most eight digits. @example "78956562" */
  @Matches(/^[0-9]{1,8}$/, { message: 'number must be 1 to 8 digits' })
  number: string;
}

/** `GET /users` */
export class UsersQueryDto {
  /** Maximum of entries in one answer, 1 to 1000. @example "100" */
  @PageLimit(1000)
  limit: string = '100';

  /** Taken from the `Link` header of the page before. @example "0" */
  @IsOptional()
  @Matches(/^[0-9]{1,18}$/, { message: 'after must be taken from the Link header of the page before' })
  after: string = '0';
}

/** Answer to `POST /register` */
export class RegisteredUserDto extends RegistryEntryDto {
  /** True for the first DFSP of the number. @example true */
  primary: boolean;
}
