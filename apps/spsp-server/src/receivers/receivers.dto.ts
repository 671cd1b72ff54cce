import { HTTP_URL } from '@level-one/platform';
import { IsOptional, IsString, IsUrl, Length, MaxLength } from 'class-validator';

/** `GET /query`: one of both. */
export class SpspServerReceiverQueryDto {
  /** Number of the receiver. @example "78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  identifier?: string;

  /** URL of a receiver or an invoice of this DFSP. @example "http://127.0.0.1:3103/v1/receivers/78956562" */
  @IsOptional()
  @IsUrl(HTTP_URL, { message: 'receiver must be an http(s) URL' })
  @MaxLength(1_024)
  receiver?: string;
}
