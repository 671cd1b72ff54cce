import { Injectable } from '@nestjs/common';
import { ContractError, invalidBody } from '@level-one/errors';
import { IprError, readIpr } from '@level-one/ilp';
import { canonicalDecimal } from '@level-one/money';
import {
  DfspApiClient,
  notFoundAs,
  type OfferedQuoteDto,
  OwnSpspServerClient,
  paymentIdOf,
  type QuoteDto,
  type QuoteRequestDto,
  type QuoteResponseDto,
  readTransferType,
  RegisteredOrigins,
  RemoteSchemeAdapterClient,
  type ReservedQuoteDto,
  SpspClientClient,
  typeName,
} from '@level-one/peers';
import { CommonErrorId, commonError, currentTrace, withTrace } from '@level-one/platform';
import { parseAmountType } from '@level-one/quote';
import { RecentQuotes } from './recent-quotes.js';
import { SchemeAdapterSettings } from '../scheme-adapter.settings.js';
import { transferTermsOf } from './transfer-terms.js';
import { userNotFound } from './scheme-adapter-errors.js';

/** Carries quotes between DFSPs (rows 44 and 45): asks the payee's for its price, and its own ILP roles for the rest. */
@Injectable()
export class SchemeAdapterQuotesService {
  constructor(
    private readonly settings: SchemeAdapterSettings,
    private readonly origins: RegisteredOrigins,
    private readonly remote: RemoteSchemeAdapterClient,
    private readonly dfspApi: DfspApiClient,
    private readonly spspServer: OwnSpspServerClient,
    private readonly spspClient: SpspClientClient,
    private readonly recent: RecentQuotes,
  ) {}

  /**
   * For the own DFSP's payer: what the payee's DFSP offers, and what that costs here (hop Q.1).
   * @throws ContractError 400 InvalidBodyError, IncorrectAmountTypeError; 404 UserNotFound for a `payee.url` that no
   * DFSP registered; whatever the payee's DFSP or the own connector refuse; 502.
   */
  async ask(request: QuoteRequestDto): Promise<QuoteResponseDto> {
    return this.traced(request, async () => {
      const { url, isOwn } = await this.payeeAdapter(request);
      const offered = isOwn ? await this.offerTo(request, { isForeign: false }) : await this.remote.quote(url, request);
      const { offer, expiresAt } = checkedOffer(offered, request.paymentId);
      const { sourceAmount, connectorAccount, sourceExpiryDuration } = await this.spspClient.quoteIpr(offer.ipr);
      const { paymentId, receiveAmount, payeeFee, payeeCommission, ipr } = offer;
      const response = {
        paymentId,
        receiveAmount,
        payeeFee,
        payeeCommission,
        ipr,
        sourceExpiryDuration,
        connectorAccount,
        sourceAmount: canonicalDecimal(sourceAmount),
      };
      if (expiresAt) this.recent.keep(request, response, expiresAt);
      return response;
    });
  }

  /**
   * For another DFSP's payer: the own DFSP's price, with a payment request of it (rows 44 and 45). `from` is the DFSP
   * that is proven to ask.
   * @throws ContractError 400; 422 UnprocessableEntityError for a payer of yet another DFSP; 429 TooManyRequestsError
   * when its DFSP has too many quotes open; whatever the own DFSP refuses; 502.
   */
  async offer(request: QuoteRequestDto, from: string | undefined): Promise<OfferedQuoteDto> {
    return this.traced(request, async () => {
      if (from !== undefined) await this.assertOwnPayer(request, from);
      return this.offerTo(request, { isForeign: true, from });
    });
  }

  /** A DFSP asks for its own payers. */
  private async assertOwnPayer({ payer }: QuoteRequestDto, from: string): Promise<void> {
    if (payer.url === undefined) return;
    const owner = await this.origins.adapterOwnerOf(payer.url);
    if (owner?.shortName === from) return;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `payer.url is not one that ${from} registered` });
  }

  /** Row 46: what the DFSP's API keeps, else what was got here. @throws ContractError 400, 404 QuoteNotFoundError, 502 */
  async stored(paymentId: string): Promise<QuoteDto> {
    try {
      return await this.dfspApi.storedQuote(paymentId);
    } catch (error) {
      const recent = this.recent.find(paymentId.toLowerCase());
      if (recent && error instanceof ContractError && error.status === 404) return recent;
      throw error;
    }
  }

  private async offerTo(
    request: QuoteRequestDto,
    payer: { isForeign: boolean; from?: string | undefined },
  ): Promise<OfferedQuoteDto> {
    const reserved = await this.dfspApi.quote(request, payer);
    const { paymentId, receiveAmount, payeeFee, payeeCommission } = reserved;
    const { ipr } = await this.spspServer.createIpr({
      paymentId: request.paymentId,
      ...(await this.destinationOf(request, reserved)),
      expiresAt: reserved.expiresAt,
      data: dataOf(request),
    });
    return { paymentId, receiveAmount, payeeFee, payeeCommission, ipr };
  }

  /** Whatever belongs to a payment is traced under its id (contract 0.3). */
  private traced<T>(request: QuoteRequestDto, work: () => Promise<T>): Promise<T> {
    request.paymentId = paymentIdOf(request);
    delete request.transferId;
    parseAmountType(request.amountType);
    return withTrace({ ...currentTrace(), traceId: request.paymentId }, work);
  }

  /** Only what a DFSP registered as its scheme adapter is ever called (ruling 2). */
  private async payeeAdapter({ payee: { url } }: QuoteRequestDto): Promise<{ url: string; isOwn: boolean }> {
    if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw invalidBody('QuoteRequest', 'payee.url', 'must be an http(s) URL');
    }
    const owner = await this.origins.adapterOwnerOf(url);
    const registered = owner?.schemeAdapterUrl;
    // Not the URL that was given: where the adapter is, its DFSP knows better than whoever asks.
    if (!owner || registered === undefined) throw userNotFound();
    return { url: registered.replace(/\/+$/, ''), isOwn: owner.shortName === this.settings.dfsp };
  }

  /** What the DFSP says itself, else what follows from its price. */
  private async destinationOf(request: QuoteRequestDto, reserved: ReservedQuoteDto) {
    const { transferAmount, destinationAccount } = reserved.data ?? {};
    return {
      destinationAmount: transferAmount ?? transferTermsOf(request, reserved),
      destinationAccount: destinationAccount ?? request.payee.account ?? (await this.accountOf(request)),
    };
  }

  private async accountOf({ payee }: QuoteRequestDto): Promise<string> {
    return (await notFoundAs(userNotFound, () => this.dfspApi.receiver(payee.identifier))).account;
  }
}

/** What travels in the payment request, and is compared when it is paid; the same however the request spells it. */
function dataOf({ payer, payee, transferType, amount }: QuoteRequestDto) {
  return {
    transferType: typeName(readTransferType(transferType)),
    currency: amount.currency,
    payer: { identifier: payer.identifier, identifierType: payer.identifierType },
    payee: { identifier: payee.identifier, identifierType: payee.identifierType },
  };
}

/** Another DFSP wrote it. @throws ContractError 502 when it is no offer of this payment */
function checkedOffer(
  offer: OfferedQuoteDto | undefined,
  paymentId: string,
): { offer: OfferedQuoteDto; expiresAt: Date | undefined } {
  const amounts = [offer?.receiveAmount, offer?.payeeFee, offer?.payeeCommission];
  const areAmounts = amounts.every((one) => typeof one?.amount === 'string' && typeof one.currency === 'string');
  if (!offer || !areAmounts) throw unusable('it has no amounts');
  if (typeof offer.ipr !== 'string') throw unusable('it has no payment request');
  try {
    const request = readIpr(offer.ipr);
    if (request.paymentId === paymentId) return { offer, expiresAt: request.expiresAt };
  } catch (error) {
    if (!(error instanceof IprError)) throw error;
    throw unusable('its payment request cannot be read', error);
  }
  throw unusable('its payment request is of another payment');
}

function unusable(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, {
    message: `The offer of the payee's DFSP is of no use: ${problem}`,
    cause,
  });
}
