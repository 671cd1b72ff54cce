import { Injectable } from '@nestjs/common';
import { formatShortest } from '@level-one/money';
import type { QuoteDto, QuotePartyDto, QuotePriceDto, ReservedQuoteDto } from '@level-one/peers';
import { partiesOf, type Quote } from '@level-one/quote';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import type { QuotedDto } from './quotes.dto.js';

type Price = { [Member in keyof QuotePriceDto]: QuotePriceDto[Member] };

/** Prints quotes, amounts in their shortest form (contract 0.3). */
@Injectable()
export class QuotePresenter {
  constructor(private readonly settings: DfspApiSettings) {}

  /** Answer to hop Q.2. */
  reserved(quote: Quote): ReservedQuoteDto {
    const { expiresAt, transferAmount, destinationAccount, scale } = quote;
    return {
      ...this.priceOf(quote),
      expiresAt: expiresAt.toISOString(),
      data: {
        transferAmount: formatShortest(transferAmount, scale),
        ...(destinationAccount === null ? {} : { destinationAccount }),
      },
    };
  }

  /** Answer of row 46. */
  stored(quote: Quote): QuoteDto {
    const { isDebit, amountType, amount, currency, scale, fee, peerFee, ipr, expiresAt, status } = quote;
    const { sourceExpiryDuration, connectorAccount } = quote;
    const { currency: own, scale: ownScale } = this.settings;
    return {
      ...this.priceOf(quote),
      ...partiesIn(quote),
      transferType: typeName(quote),
      amountType,
      amount: { amount: formatShortest(amount, scale), currency },
      fees: isDebit
        ? { amount: formatShortest(fee, ownScale), currency: own }
        : { amount: formatShortest(peerFee, scale), currency },
      ...(ipr === null ? {} : { ipr }),
      ...(sourceExpiryDuration === null ? {} : { sourceExpiryDuration }),
      ...(connectorAccount === null ? {} : { connectorAccount }),
      expiresAt: expiresAt.toISOString(),
      status,
    };
  }

  /** What the payer's channel shows. */
  quoted(quote: Quote, name: string): QuotedDto {
    const { paymentId, fee, commission, sourceAmount, receiveAmount, peerFee, currency, scale, expiresAt } = quote;
    const { currency: own, scale: ownScale } = this.settings;
    const sent = sourceAmount ?? quote.transferAmount;
    return {
      paymentId,
      name,
      amount: formatShortest(sent, ownScale),
      fee: formatShortest(fee, ownScale),
      commission: formatShortest(commission, ownScale),
      total: formatShortest(sent + fee, ownScale),
      currency: own,
      receiveAmount: formatShortest(receiveAmount, scale),
      payeeFee: formatShortest(peerFee, scale),
      receiveCurrency: currency,
      expiresAt: expiresAt.toISOString(),
    };
  }

  private priceOf(quote: Quote): Price {
    const { paymentId, receiveAmount, currency, scale } = quote;
    const [payeeFee, payeeCommission] = quote.isDebit
      ? [quote.peerFee, quote.peerCommission]
      : [quote.fee, quote.commission];
    const money = (amount: bigint) => ({ amount: formatShortest(amount, scale), currency });
    return {
      paymentId,
      receiveAmount: money(receiveAmount),
      payeeFee: money(payeeFee),
      payeeCommission: money(payeeCommission),
    };
  }
}

/** `invoice_<invoiceId>` where an invoice is named. */
export function typeName({ transferType, invoiceId }: Pick<Quote, 'transferType' | 'invoiceId'>): string {
  return invoiceId === null ? transferType : `${transferType}_${invoiceId}`;
}

function partiesIn(quote: Quote): { payer: QuotePartyDto; payee: QuotePartyDto } {
  const parties = partiesOf(quote);
  const { destinationAccount } = quote;
  return {
    payer: {
      identifier: parties.payerIdentifier,
      identifierType: parties.payerIdentifierType as QuotePartyDto['identifierType'],
    },
    payee: {
      identifier: parties.payeeIdentifier,
      identifierType: parties.payeeIdentifierType as QuotePartyDto['identifierType'],
      ...(destinationAccount === null ? {} : { account: destinationAccount }),
    },
  };
}
