import { Injectable } from '@nestjs/common';
import { AmountType, parseAmountType, type Quote, TransferType } from '@level-one/quote';
import { CommonErrorId, commonError } from '@level-one/platform';
import { CustomerErrorId } from '../../customers/customer-errors.js';
import { CustomersService } from '../../customers/customers.service.js';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { OutgoingQuotesService } from './outgoing-quotes.service.js';
import { QuotedPayees } from './quoted-payees.service.js';
import type { QuoteOrderDto } from './quotes.dto.js';

/** Quotes for payments to a number, asked for by the channel. */
@Injectable()
export class ChannelQuotesService {
  constructor(
    private readonly customers: CustomersService,
    private readonly payees: QuotedPayees,
    private readonly quotes: OutgoingQuotesService,
    private readonly accounts: OwnAccounts,
  ) {}

  /**
   * Quotes a payment to a number.
   * @throws ContractError 400 IncorrectAmountTypeError; 404 ClientNotFound, NotFoundError (account), UserNotFound; 422
   * NoAccount, LimitExceededError and others of {@link OutgoingQuotesService.obtainQuote}; 502
   */
  async quotePayment(order: QuoteOrderDto): Promise<Quote> {
    return this.quotePaymentOfType(order, order.transferType ?? TransferType.P2p);
  }

  /** Quotes a payment of any type. @throws as {@link quotePayment} */
  async quotePaymentOfType(order: Omit<QuoteOrderDto, 'transferType'>, transferType: TransferType): Promise<Quote> {
    const { sourceIdentifier, sourceAccount, destinationIdentifier, amount, currency } = order;
    const amountType = parseAmountType(order.amountType ?? AmountType.Receive);
    const customer = await this.customers.getCustomer(sourceIdentifier, CustomerErrorId.ClientNotFound);
    const account = await this.customers.ownAccountOf(customer, sourceAccount);
    return this.payees.quoteTo(destinationIdentifier, sourceIdentifier, async (payee) => {
      if (payee.isPayer && payee.account !== undefined && this.accounts.nameOf(payee.account) === account) {
        throw commonError(CommonErrorId.UnprocessableEntity, {
          message: 'The payment debits and credits the same account',
        });
      }
      return this.quotes.obtainQuote({
        paymentId: order.paymentId?.toLowerCase(),
        payerIdentifier: sourceIdentifier,
        account,
        payee,
        transferType,
        amountType,
        amount: textOf(amount),
        currency,
      });
    });
  }
}

/** An amount as text; it may be given as a JSON number (contract 0.3). */
function textOf(amount: unknown): string {
  return String(amount);
}
