import { IsNotEmpty, IsObject, IsOptional, IsString } from 'class-validator';

/** A message from one account to another (contract 3.1). */
export class MessageDto {
  /** Base URL of this ledger. */
  @IsOptional()
  @IsString()
  ledger?: string;

  /** URI or name of the sender's account. @example "admin" */
  @IsString()
  @IsNotEmpty()
  from: string;

  /** URI or name of the addressee's account. @example "dfsp1" */
  @IsString()
  @IsNotEmpty()
  to: string;

  /** Anything, handed over unchanged. @example { "method": "hello" } */
  @IsObject()
  data: Record<string, unknown>;
}
