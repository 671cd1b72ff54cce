import { IsOptional, IsString, Length } from 'class-validator';

/** Query of `GET /query`: one of both members. */
export class SpspBackendReceiverQueryDto {
  /** Number of the receiver. @example "78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  identifier?: string;

  /** Receiver URL; its last segment is the number. @example "http://127.0.0.1:3103/v1/receivers/78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 1_024)
  receiver?: string;
}
