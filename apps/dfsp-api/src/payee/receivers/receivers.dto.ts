import { IsString, Length } from 'class-validator';

/** Query of `GET /query`. */
export class PayeeQueryDto {
  /** @example "78956562" */
  @IsString()
  @Length(1, 32)
  identifier: string;
}
