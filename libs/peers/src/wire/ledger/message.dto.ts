import { IsNotEmpty, IsObject, IsOptional, IsString } from 'class-validator';

/** A message from one account to another (contract 3.1). */
export class MessageDto {
  /** Base URL of this ledger. */
  @IsOptional()
  @IsString()
  ledger?: string;

  /** URI or name of the sender's account. @example "admin" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  from?: string;

  /** URI or name of the addressee's account. @example "dfsp1" */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  to?: string;

  /** The addressee's account in the older form of a message, which has neither `from` nor `to`. */
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  account?: string;

  /** An object of at most 16 KiB, relayed unchanged and not kept. @example { "method": "hello" } */
  @IsObject()
  data: Record<string, unknown>;
}
