import { IsOptional, IsString, Length } from 'class-validator';
import { DirectoryEntryDto, ReceiverDto } from '@level-one/peers';

/** Query of the directory gateway. */
export class ResourcesQueryDto {
  /** `type:value`, or the bare value; at most 8 digits mean type `eur`. @example "eur:78956562" */
  @IsString()
  @Length(1, 64)
  identifier: string;

  /** Type of a bare value. @example "eur" */
  @IsOptional()
  @IsString()
  @Length(1, 16)
  identifierType?: string;
}

/** Fraud score of a client. */
export class FraudDetailsDto {
  /** 0: no suspicion. @example 0 */
  score: number;
  /** @example "2030-01-01T00:00:00.000Z" */
  createdDate?: string;
  /** @example "c0ffee00-0000-4000-8000-000000000000" */
  id?: string;
}

/** Everything known about a number (contract 2.0, gateway aggregate). */
export class DirectoryAggregateDto {
  directory_details: DirectoryEntryDto[];
  dfsp_details: ReceiverDto;
  fraud_details: FraudDetailsDto;
  /** Base URL of the user's SPSP server. @example "http://127.0.0.1:3103/v1" */
  spspReceiver: string;
}

/** A client as the channel sees them. */
export class ClientDto {
  /** @example "78956562" */
  identifier: string;
  /** @example "Alice" */
  firstName: string;
  /** @example "Ames" */
  lastName: string;
  /** @example "Alice Ames" */
  name: string;
  /** @example "https://images.example/alice.png" */
  imageUrl: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** Base URL of the client's SPSP server. @example "http://127.0.0.1:3103/v1" */
  spspReceiver: string;
}
