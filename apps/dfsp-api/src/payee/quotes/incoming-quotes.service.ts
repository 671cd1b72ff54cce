import { Injectable } from '@nestjs/common';
import type { Invoice } from '@level-one/invoice';
import { accountNameOf, askedOf, paymentIdOf, type QuoteRequestDto, readTransferType } from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import {
  type AmountType,
  assertAskedAlike,
  parseAmountType,
  priceQuote,
  type Quote,
  type QuoteDraft,
  QuoteRepository,
  QuoteSide,
  type SaveQuote,
  sideColumns,
} from '@level-one/quote';
import { FeeKind, FeeRules, Limits, UNPROVEN_POOL } from '@level-one/tariff';
import { tooManyOpenIn } from '../../requests/open-allowances.js';
import { givenFee } from '../../requests/amounts.js';
import { CustomersService } from '../../customers/customers.service.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { InvoicePayees } from '../payments/invoice-payees.service.js';

/** Origin of a request for a quote. */
export interface QuoteAsker {
  /** Whether the payer is a client of another DFSP. */
  isForeign: boolean;
  /** The DFSP that is proven to ask; undefined if none is. */
  from: string | undefined;
}

/** Checked request for a quote. */
type Question = Omit<QuoteDraft, 'transferAmount' | 'receiveAmount' | 'charged' | 'fee' | 'commission'>;

/** Gives quotes to DFSPs whose clients want to pay this DFSP's customers (hop Q.2). */
@Injectable()
export class IncomingQuotesService {
  private readonly saveQuote: SaveQuote;

  constructor(
    private readonly settings: DfspApiSettings,
    private readonly customers: CustomersService,
    private readonly accounts: OwnAccounts,
    private readonly invoices: InvoicePayees,
    private readonly fees: FeeRules,
    private readonly limits: Limits,
    private readonly quotes: QuoteRepository,
  ) {
    this.saveQuote = quotes.prepareSave('reserve_limits({1})', 'assert_few_quotes(asked_by, own_identifier, {2}, {3})');
  }

  /**
   * Reserves a quote, which is stored before it is answered. A repeated request gets the same quote, whatever its
   * status (contract 4.3).
   * @throws ContractError 400 IncorrectAmountTypeError; 404 UserNotFound, InvoiceNotFoundError; 422
   * UnprocessableEntityError, NoAccount, LimitExceededError, InvoiceNotPendingError, InvoicePayerMissmatchError,
   * QuoteMismatchError; 429 TooManyRequestsError
   */
  async giveQuote(request: QuoteRequestDto, asker: QuoteAsker): Promise<Quote> {
    const { question, invoice } = await this.questionOf(request, asker.isForeign);
    try {
      if (invoice) await this.assertPayable(invoice, question);
      return await this.reserveQuote(await this.pricedDraft(question), asker);
    } catch (error) {
      // What refuses a new quote does not refuse a repeated request.
      const known = await this.quotes.findQuote(question);
      if (!known) throw error;
      assertAskedAlike(known, question);
      return known;
    }
  }

  private async questionOf(
    request: QuoteRequestDto,
    isForeign: boolean,
  ): Promise<{ question: Question; invoice: Invoice | null }> {
    const { payer, payee, fees } = request;
    const { currency, scale } = this.settings;
    const amountType: AmountType = parseAmountType(request.amountType);
    if (request.amount.currency !== currency) throw inOtherCurrency(`The amount must be in ${currency}`);
    if (fees && fees.currency !== request.amount.currency)
      throw inOtherCurrency('fees must be in the currency of the amount');
    const { transferType, invoiceId } = readTransferType(request.transferType);
    const amount = givenAmount(request.amount.amount, this.settings);
    const peerFee = fees ? givenFee(fees.amount, this.settings) : 0n;
    const invoice = invoiceId === null ? null : await this.invoices.invoiceOf(invoiceId, payee.identifier);
    const question = {
      paymentId: paymentIdOf(request),
      ...sideColumns(QuoteSide.Credit, {
        payerIdentifier: payer.identifier,
        payerIdentifierType: payer.identifierType,
        payeeIdentifier: payee.identifier,
        payeeIdentifierType: payee.identifierType,
      }),
      transferType,
      invoiceId,
      amountType,
      amount,
      currency,
      scale,
      peerFee,
      peerCommission: 0n,
      destinationAccount: this.accounts.uriOf(invoice ? invoice.account : await this.accountOf(payee)),
      params: { request: askedOf(request), isForeign },
    };
    return { question, invoice };
  }

  /** Name of the payee's account: the one that is named if it is the payee's own, else the payee's primary one. */
  private async accountOf(payee: QuoteRequestDto['payee']): Promise<string> {
    const customer = await this.customers.getCustomer(payee.identifier);
    const usual = (await this.customers.walletOf(customer)).name;
    const named = accountNameOf(payee.account);
    if (named === undefined || named === usual) return usual;
    if (customer.accounts.some(({ name }) => name === named)) {
      return this.customers.ownAccountOf(customer, named);
    }
    // A name that this DFSP does not have is ignored; an account of another customer is refused.
    if (await this.customers.isAccount(named)) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: "The account is not the payee's" });
    }
    return usual;
  }

  private assertPayable(invoice: Invoice, { identifier, amount, amountType }: Question): Promise<void> {
    return this.invoices.assertPayable(invoice, { senderIdentifier: identifier, amount, amountType });
  }

  private async pricedDraft(question: Question): Promise<QuoteDraft> {
    const { amount, amountType, peerFee, transferType, currency, identifier, ownIdentifier } = question;
    const charges = await this.fees.chargesFor({
      transferType,
      amount,
      currency,
      side: QuoteSide.Credit,
      payerIdentifier: identifier,
      payeeIdentifier: ownIdentifier,
    });
    const { feeNetting } = this.settings;
    const [fee, commission] = [charges[FeeKind.Fee], charges[FeeKind.Commission]];
    const { transferAmount, receiveAmount, charged } = priceQuote({
      amount,
      amountType,
      payeeFee: fee.amount,
      payeeCommission: commission.amount,
      payerFee: peerFee,
      payerFeeCredit: fee.credit,
      feeNetting,
    });
    return {
      ...question,
      transferAmount,
      receiveAmount,
      charged,
      fee: fee.amount,
      commission: commission.amount,
      params: { ...question.params, feeRule: fee.rule, commissionRule: commission.rule, feeNetting },
    };
  }

  private async reserveQuote(draft: QuoteDraft, { isForeign, from: proven }: QuoteAsker): Promise<Quote> {
    // Requests of the DFSP's own scheme adapter for its own clients have no signature.
    const from = isForeign ? proven : this.settings.dfsp;
    const expiresAt = new Date(Date.now() + this.settings.quoteLifetimeS * 1_000);
    const { paymentId, ownIdentifier, identifier, transferType, currency, transferAmount } = draft;
    const { request, explain } = await this.limits.reservationOf({
      paymentId,
      side: QuoteSide.Credit,
      subject: ownIdentifier,
      transferType,
      currency,
      amount: transferAmount,
      payerIdentifier: identifier,
      payeeIdentifier: ownIdentifier,
      isToOneself: !isForeign && identifier === ownIdentifier,
      expiresAt,
      pool: from ?? UNPROVEN_POOL,
    });
    try {
      const asked = { ...draft, askedBy: from ?? null };
      return (await this.saveQuote(asked, expiresAt, request, ...this.mostOpenOf(from))).quote;
    } catch (error) {
      throw tooManyOpenIn(error, 'Too many quotes of your DFSP wait for their payments here') ?? explain(error);
    }
  }

  /** Maximum of quotes of one DFSP that wait for their payment, in all and for one customer. */
  private mostOpenOf(from: string | undefined): [all: number, ofCustomer: number] {
    const { quotesPerDfsp, quotesPerCustomer, unprovenQuotes, unprovenQuotesPerCustomer } = this.settings;
    return from === undefined ? [unprovenQuotes, unprovenQuotesPerCustomer] : [quotesPerDfsp, quotesPerCustomer];
  }
}

function inOtherCurrency(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}
