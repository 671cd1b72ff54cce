import { ApiProperty } from '@nestjs/swagger';
import { CONFIRMATIONS_MAX } from '@level-one/peers';
import { PageLimit } from '@level-one/platform';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { WindowState } from '@level-one/ledger';
import { PositionDto } from '../positions/position.dto.js';

/** A settlement window. */
export class SettlementSummaryDto {
  /** @example "0d6f0f0e-8a53-4e6e-9c1f-1d6b1c1f6a2e" */
  id: string;

  /** 1, 2, 3, … @example 7 */
  number: number;

  /** `open` takes what is executed now; `closed` has to be paid; `settled` is paid. @example "closed" */
  state: WindowState;

  /** @example "2026-11-20T04:00:00.000Z" */
  opened_at: string;

  /** Null while it is open. @example "2026-11-21T04:00:00.000Z" */
  closed_at: string | null;

  /** When the last movement was confirmed; null until everything is. @example null */
  settled_at: string | null;

  /** How many transfers it holds; null while it is open. @example 2 */
  transfer_count: number | null;
}

/** What an account paid and received in a window, and how far that is settled. */
export class WindowPositionDto extends PositionDto {
  /** Sum that was confirmed: above zero if the account paid. @example "0.00" */
  confirmed: string;

  /** What is left: below zero if the account has to pay. @example "-10.40" */
  outstanding: string;
}

/** A window with the positions of the accounts; an owner sees its own only. */
export class SettlementDto extends SettlementSummaryDto {
  positions: WindowPositionDto[];
}

/** The window that the request closed. */
export class NewSettlementDto extends SettlementDto {
  /** URIs of the transfers, the first 1000 of them; `GET /settlements/{id}/transfers` has all. */
  transfers: string[];
}

/** Which page. */
export class SettlementsQueryDto {
  /** Most windows in the answer, 1 to 500. @example "100" */
  @PageLimit(500)
  limit: string = '100';

  /** Only windows with lower numbers: the number of the last window of the page before. */
  @IsOptional()
  @Matches(/^[1-9][0-9]{0,14}$/, { message: 'before must be the number of a window' })
  before?: string;
}

/** Which page. */
export class SettledTransfersQueryDto {
  /** Most rows in the answer, 1 to 1000. @example "1000" */
  @PageLimit(1000)
  limit: string = '1000';

  /** Taken from `next` of the page before. @example "0" */
  @IsOptional()
  @Matches(/^[0-9]{1,18}$/, { message: 'after must be taken from the page before' })
  after: string = '0';
}

/** A page of the transfers of a window, in the order of their execution. */
export class SettledTransfersDto {
  /** URIs. */
  transfers: string[];

  /** URL of the next page; null when there is none. */
  next: string | null;
}

/** What a bank moved for one account. */
export class ConfirmationRequestDto {
  /** Name, or URI as windows show it. @example "dfsp1" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_024)
  account: string;

  /** Above zero, at most what is outstanding. The window says who pays. @example "10.40" */
  @IsNotEmpty()
  amount: string;

  /** What the bank calls the movement; never the same for two movements of an account. @example "statement 117, line 4" */
  @IsString()
  @IsNotEmpty()
  @MaxLength(256)
  reference: string;
}

/** What a bank moved. */
export class ConfirmationsRequestDto {
  /** 1 to 500. */
  @ApiProperty({ maxItems: CONFIRMATIONS_MAX })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(CONFIRMATIONS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ConfirmationRequestDto)
  confirmations: ConfirmationRequestDto[];
}

/** A movement that was confirmed and booked. */
export class ConfirmationDto {
  /** Above zero if the account paid. @example "10.40" */
  amount: string;

  /** @example "statement 117, line 4" */
  reference: string;

  /** URI of the transfer that books it. @example "http://127.0.0.1:3012/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  transfer: string;

  /** @example "2026-11-21T09:00:00.000Z" */
  confirmed_at: string;
}

/** What an account paid to another one and received from it, charges included. */
export class CounterpartyDto {
  /** URI. @example "http://127.0.0.1:3012/accounts/dfsp2" */
  account: string;

  /** @example "10.40" */
  payments: string;

  /** @example "0.00" */
  receipts: string;

  /** @example "-10.40" */
  net: string;
}

/** Everything about one account in one window. */
export class SettlementReportDto {
  window: SettlementSummaryDto;
  position: WindowPositionDto;
  counterparties: CounterpartyDto[];
  confirmations: ConfirmationDto[];
}

/** A booking of an account in a window. */
export class WindowEntryDto {
  /** Number of the entry in the ledger. @example "42" */
  id: string;

  /** URI. @example "http://127.0.0.1:3012/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  transfer: string;

  /** URI. @example "http://127.0.0.1:3012/accounts/dfsp2" */
  counterparty: string;

  /** @example "transfer" */
  kind: 'transfer' | 'fee' | 'commission' | 'issuance' | 'settlement';

  /** Below zero if the account paid. @example "-10.40" */
  amount: string;

  /** @example "2026-11-20T12:00:00.000Z" */
  booked_at: string;
}

/** A page of the bookings of an account in a window, in their order. */
export class WindowEntriesDto {
  entries: WindowEntryDto[];

  /** URL of the next page; null when there is none. */
  next: string | null;
}
