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

/** Quotes between DFSPs (rows 44 and 45): gets the price of the payee's DFSP, and the cost from its own ILP roles. */
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
   * For a payer of the own DFSP: the offer of the payee's DFSP, and its cost on the own ledger (hop Q.1). It is kept for
   * callers that keep none themselves.
   * @throws ContractError 400 InvalidBodyError, IncorrectAmountTypeError; 404 UserNotFound for a `payee.url` that no
   * DFSP registered; what the payee's DFSP or the own connector refuse; 502.
   */
  async obtainQuote(request: QuoteRequestDto, { isKept }: { isKept: boolean }): Promise<QuoteResponseDto> {
    return this.inTraceOf(request, async () => {
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
      if (!isKept) this.recent.leaveToDfspApi(response.paymentId.toLowerCase());
      else if (expiresAt) await this.recent.keepQuote(request, response, expiresAt);
      return response;
    });
  }

  /**
   * For a payer of another DFSP: the own DFSP's price with a payment request (rows 44 and 45). `from` is the DFSP that
   * is proven to ask.
   * @throws ContractError 400; 422 UnprocessableEntityError for a payer of a third DFSP; 429 TooManyRequestsError if
   * `from` has too many open quotes; what the own DFSP refuses; 502.
   */
  async offerQuote(request: QuoteRequestDto, from: string | undefined): Promise<OfferedQuoteDto> {
    return this.inTraceOf(request, async () => {
      if (from !== undefined) await this.assertOwnPayer(request, from);
      return this.offerTo(request, { isForeign: true, from });
    });
  }

  /** Checks that a DFSP asks for a payer of its own. */
  private async assertOwnPayer({ payer }: QuoteRequestDto, from: string): Promise<void> {
    if (payer.url === undefined) return;
    const owner = await this.origins.adapterOwnerOf(payer.url);
    if (owner?.shortName === from) return;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `payer.url does not belong to ${from}` });
  }

  /**
   * Row 46: the quote at the DFSP's API, else one that this scheme adapter got itself.
   * @throws ContractError 400, 404 QuoteNotFoundError, 502
   */
  async readStoredQuote(paymentId: string): Promise<QuoteDto> {
    try {
      return await this.dfspApi.storedQuote(paymentId);
    } catch (error) {
      if (!(error instanceof ContractError) || error.status !== 404) throw error;
      const recent = await this.recent.findQuote(paymentId.toLowerCase());
      if (!recent) throw error;
      return recent;
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

  /** Runs `work` in the trace of the payment, whose id is the payment's (contract 0.3). */
  private inTraceOf<T>(request: QuoteRequestDto, work: () => Promise<T>): Promise<T> {
    request.paymentId = paymentIdOf(request);
    delete request.transferId;
    parseAmountType(request.amountType);
    return withTrace({ ...currentTrace(), traceId: request.paymentId }, work);
  }

  /** Finds the scheme adapter of the payee's DFSP. Only registered ones are called (ruling 2). */
  private async payeeAdapter({ payee: { url } }: QuoteRequestDto): Promise<{ url: string; isOwn: boolean }> {
    if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw invalidBody('QuoteRequest', 'payee.url', 'must be an http(s) URL');
    }
    const owner = await this.origins.adapterOwnerOf(url);
    const registered = owner?.schemeAdapterUrl;
    // The registered URL is called, not the given one: the caller must not choose where requests go.
    if (!owner || registered === undefined) throw userNotFound();
    return { url: registered.replace(/\/+$/, ''), isOwn: owner.shortName === this.settings.dfsp };
  }

  /** Amount and account of the transfer: those of the DFSP's answer, else computed from its price. */
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

/** Data of the payment request, compared again at its payment; normalised, so that it does not depend on spelling. */
function dataOf({ payer, payee, transferType, amount }: QuoteRequestDto) {
  return {
    transferType: typeName(readTransferType(transferType)),
    currency: amount.currency,
    payer: { identifier: payer.identifier, identifierType: payer.identifierType },
    payee: { identifier: payee.identifier, identifierType: payee.identifierType },
  };
}

/** Checks the answer of the other DFSP. @throws ContractError 502 if it is no offer for this payment */
function checkedOffer(
  offer: OfferedQuoteDto | undefined,
  paymentId: string,
): { offer: OfferedQuoteDto; expiresAt: Date | undefined } {
  const amounts = [offer?.receiveAmount, offer?.payeeFee, offer?.payeeCommission];
  const areAmounts = amounts.every((one) => typeof one?.amount === 'string' && typeof one.currency === 'string');
  if (!offer || !areAmounts) throw unusableOffer('it has no amounts');
  if (typeof offer.ipr !== 'string') throw unusableOffer('it has no payment request');
  try {
    const request = readIpr(offer.ipr);
    if (request.paymentId === paymentId) return { offer, expiresAt: request.expiresAt };
  } catch (error) {
    if (!(error instanceof IprError)) throw error;
    throw unusableOffer('its payment request cannot be read', error);
  }
  throw unusableOffer('its payment request belongs to another payment');
}

function unusableOffer(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, {
    message: `The offer of the payee's DFSP cannot be used: ${problem}`,
    cause,
  });
}
