import { Type } from 'class-transformer';
import {
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CommonErrorId, commonError, IsAmount, UUID } from '@level-one/platform';

const URL_LENGTH_MAX = 1_024;
const IDENTIFIER_TYPES = ['eur', 'tel'] as const;

/** Tells a scheme adapter that the request comes from another one, and is for its own DFSP (row 44). */
export const INITIATOR_HEADER = 'initiator';
export const INITIATOR_PROXY = 'PROXY';

/** Whether the header says that another DFSP's scheme adapter asks. */
export function isOfProxy(initiator: string | string[] | undefined): boolean {
  return typeof initiator === 'string' && initiator.toUpperCase() === INITIATOR_PROXY;
}

/** An amount of a quote; in answers in its shortest form. */
export class QuoteAmountDto {
  /** @example "10" */
  @IsAmount()
  amount: string;

  /** ISO-4217 alpha-3. @example "USD" */
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency: string;
}

/** A fee, which may be nothing. */
export class QuoteFeeDto {
  /** @example "0.25" */
  @IsAmount({ allowZero: true })
  amount: string;

  /** ISO-4217 alpha-3. @example "USD" */
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be three capital letters' })
  currency: string;
}

/** Who pays, or who is paid. */
export class QuotePartyDto {
  /** @example "92806391" */
  @IsString()
  @Matches(/^[^\p{Cc}]{1,32}$/u, { message: 'identifier must be of 1 to 32 characters' })
  identifier: string;

  /** @example "eur" */
  @IsIn(IDENTIFIER_TYPES)
  identifierType: (typeof IDENTIFIER_TYPES)[number];

  /** Base URL of the party's scheme adapter. @example "http://127.0.0.1:3205/scheme/adapter/v1" */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  url?: string;

  /** Ledger account URI. @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/frank" */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  account?: string;
}

/** What a quote is asked for (contract 2.8, hops Q.1, row 44 and Q.2). */
export class QuoteRequestDto {
  /** Minted by the payer's DFSP. @example "110ec58a-a0f2-4ac4-8393-c866d813b8d1" */
  @ValidateIf(({ paymentId, transferId }: QuoteRequestDto) => paymentId !== undefined || transferId === undefined)
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;

  /** Older spelling of paymentId. */
  @IsOptional()
  @Matches(UUID, { message: 'transferId must be a UUID' })
  transferId?: string;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => QuotePartyDto)
  payer: QuotePartyDto;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => QuotePartyDto)
  payee: QuotePartyDto;

  /** p2p, invoice, bulkPayment, cashIn, cashOut; `invoice_<invoiceId>` names the invoice. @example "p2p" */
  @IsString()
  @Matches(/^(p2p|invoice|bulkPayment|cashIn|cashOut|PROXY)(_.{1,128})?$/, {
    message: 'transferType must be p2p, invoice, bulkPayment, cashIn or cashOut',
  })
  transferType: string;

  /** SEND: what leaves the payer's DFSP; RECEIVE: what the payee is to have. @example "SEND" */
  @IsString()
  @Length(1, 32)
  amountType: string;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => QuoteAmountDto)
  amount: QuoteAmountDto;

  /** What the payer's DFSP charges the payer, in the currency of the amount; nothing when absent. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuoteFeeDto)
  fees?: QuoteFeeDto;
}

/** The payment's id in either spelling, in lower case. @throws ContractError 400 when the two are not the same */
export function paymentIdOf({ paymentId, transferId }: Pick<QuoteRequestDto, 'paymentId' | 'transferId'>): string {
  const ids = [paymentId as string | undefined, transferId].flatMap((id) =>
    id === undefined ? [] : [id.toLowerCase()],
  );
  if (new Set(ids).size === 1) return ids[0]!;
  throw commonError(CommonErrorId.InvalidBody, { message: 'paymentId and transferId are not the same' });
}

/** The members of a request that the contract names, as they were asked. */
export function askedOf(request: QuoteRequestDto): AskedQuote {
  const { payer, payee, transferType, amountType, amount, fees } = request;
  return {
    payer: partyOf(payer),
    payee: partyOf(payee),
    transferType,
    amountType,
    amount: { amount: amount.amount, currency: amount.currency },
    ...(fees === undefined ? {} : { fees: { amount: fees.amount, currency: fees.currency } }),
  };
}

/** What was asked of a quote, without the id of its payment. */
export type AskedQuote = Pick<QuoteRequestDto, 'transferType' | 'amountType' | 'amount' | 'fees'> & {
  payer: AskedParty;
  payee: AskedParty;
};
type AskedParty = Pick<QuotePartyDto, keyof QuotePartyDto>;

function partyOf({ identifier, identifierType, url, account }: QuotePartyDto): AskedParty {
  return {
    identifier,
    identifierType,
    ...(url === undefined ? {} : { url }),
    ...(account === undefined ? {} : { account }),
  };
}

/** What both sides of a quote are told (contract 2.8). */
export class QuotePriceDto {
  /** @example "110ec58a-a0f2-4ac4-8393-c866d813b8d1" */
  paymentId: string;
  /** What stays with the payee. @example { "amount": "9.25", "currency": "USD" } */
  receiveAmount: QuoteAmountDto;
  /** The payee's DFSP's tariff, before the payer's fee is set off against it. @example { "amount": "1", "currency": "USD" } */
  payeeFee: QuoteFeeDto;
  /** What the payee's DFSP gives its agent. @example { "amount": "1", "currency": "USD" } */
  payeeCommission: QuoteFeeDto;
}

/** Facts about a quoted payment that travel with it and are compared with the quote when it comes (contract 5.4). */
export interface QuotedPaymentData {
  transferType?: string;
  currency?: string;
  payer?: { identifier: string; identifierType: string };
  payee?: { identifier: string; identifierType: string };
}

/** Answer of the payee's DFSP API (hop Q.2). */
export class ReservedQuoteDto extends QuotePriceDto {
  /** @example "2030-01-01T00:10:00.000Z" */
  expiresAt: string;
  /** For the DFSP's own scheme adapter: what the transfer has to be of, and where it goes. */
  data?: { transferAmount?: string; destinationAccount?: string };
}

/** Answer of the payee's scheme adapter to the payer's (row 44). */
export class OfferedQuoteDto extends QuotePriceDto {
  /** Interledger payment request, base64url. */
  ipr: string;
}

/** Answer of the payer's scheme adapter (hop Q.1). */
export class QuoteResponseDto extends OfferedQuoteDto {
  /** Seconds the payer's transfer may take. @example 10 */
  sourceExpiryDuration: number;
  /** Account URI that the payer's transfer credits. @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/dfsp1-testconnector" */
  connectorAccount: string;
  /** What leaves the payer's account, without the payer's fee, in the currency of the payer's ledger. @example "10" */
  sourceAmount: string;
}

export const QUOTE_STATUSES = ['reserved', 'used', 'expired'] as const;

/** A quote as it is kept (row 46): what was asked, what was answered, and what has become of it. */
export class QuoteDto extends QuotePriceDto {
  payer: QuotePartyDto;
  payee: QuotePartyDto;
  /** @example "p2p" */
  transferType: string;
  /** @example "SEND" */
  amountType: string;
  amount: QuoteAmountDto;
  /** What the payee's DFSP was told of the payer's fee, if anything. */
  fees?: QuoteFeeDto;
  /** Only on the payer's side. */
  ipr?: string;
  /** Seconds; only on the payer's side. @example 10 */
  sourceExpiryDuration?: number;
  /** Only on the payer's side. */
  connectorAccount?: string;
  /** @example "2030-01-01T00:10:00.000Z" */
  expiresAt: string;
  /** @example "reserved" */
  status: (typeof QUOTE_STATUSES)[number];
}

const SAMPLE_PARTIES = {
  payer: { identifier: '92806391', identifierType: 'eur' },
  payee: {
    url: 'http://127.0.0.1:3205/scheme/adapter/v1',
    identifier: '30754016',
    identifierType: 'eur',
    account: 'http://127.0.0.1:3206/ilp/ledger/v1/accounts/frank',
  },
};
const SAMPLE = {
  ...SAMPLE_PARTIES,
  transferType: 'p2p',
  amount: { amount: '10', currency: 'USD' },
  fees: { amount: '0.25', currency: 'USD' },
};

/** Bodies of hops Q.1 and Q.2, for Swagger. */
export const QUOTE_EXAMPLES = {
  SEND: {
    summary: '10 USD leave: fee 1 less 0.25 is taken from the payee, who gets 9.25',
    value: { paymentId: '110ec58a-a0f2-4ac4-8393-c866d813b8d1', ...SAMPLE, amountType: 'SEND' },
  },
  RECEIVE: {
    summary: 'the payee is to have 10 USD: 10.75 cross the network',
    value: { paymentId: '5f0e7c1d-3b52-4b1e-9d0a-2c8f6e94a7b3', ...SAMPLE, amountType: 'RECEIVE' },
  },
};
