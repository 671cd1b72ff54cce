import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { formatAmount, parseAmount, unitAtScale } from '@level-one/money';
import { SpspClientProxyClient } from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import { AmountType, QuoteSide, type TransferType } from '@level-one/quote';
import { type RuleCharge, FeeKind, FeeRules } from '@level-one/tariff';
import { answeredAmount } from '../../requests/amounts.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import type { QuotedPayee } from './quoted-party.js';

/** Amount that a payer wants a quote for. */
export interface AmountOrder {
  transferType: TransferType;
  amountType: AmountType;
  /** Decimal text, in `currency`. */
  amount: string;
  /** Default: with SEND the payer's, with RECEIVE the payee's. */
  currency: string | undefined;
  payerIdentifier: string;
  /** Whether it is an invoice: in its merchant's currency, and quoted as SEND (ruling 12). */
  isInvoice?: boolean;
}

/** The question to the payee's DFSP, in the payee's currency, and this DFSP's charges, in its own currency. */
export interface QuoteTerms {
  /** Minor units of the payee's ledger. */
  amount: bigint;
  /** The payer's fee in the payee's currency, rounded down; minor units of the payee's ledger. */
  disclosedFee: bigint;
  /** Minor units of the own ledger. */
  payerFee: RuleCharge;
  payerCommission: RuleCharge;
  /** Minimum debit of the payer's account without the fee; minor units of the own ledger. */
  ownAmount: bigint;
  /** Maximum debit of the payer's account without the fee, if the payer set one; minor units of the own ledger. */
  sourceMax: bigint | undefined;
}

/** Converts an order into the payee's currency at the rates of the connectors, and adds this DFSP's fees. */
@Injectable()
export class QuoteTermsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly fees: FeeRules,
    private readonly proxy: SpspClientProxyClient,
  ) {}

  /** @throws ContractError 400, 422 UnprocessableEntityError, or what the connectors refuse; 502 */
  async termsOf(order: AmountOrder, payee: QuotedPayee): Promise<QuoteTerms> {
    const { currency, scale } = this.settings;
    const isForeign = payee.currency !== currency || payee.scale !== scale;
    const isSend = order.amountType === AmountType.Send;
    const given = order.currency ?? (isSend && !order.isInvoice ? currency : payee.currency);
    const isPayees = order.isInvoice || !isSend || !isForeign;
    if (isPayees && given === payee.currency) return this.inPayeesCurrency(order, payee, isForeign);
    if (!isPayees && given === currency) return this.inOwnCurrency(order, payee);
    const expected = isPayees ? payee.currency : currency;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `The amount must be in ${expected}` });
  }

  private async inPayeesCurrency(order: AmountOrder, payee: QuotedPayee, isForeign: boolean): Promise<QuoteTerms> {
    const amount = givenAmount(order.amount, unitAtScale(payee.scale));
    const own = isForeign ? await this.sourceFor(amount, payee) : amount;
    const charges = await this.chargesOf(order, payee, own);
    const { amount: fee } = charges[FeeKind.Fee];
    return {
      amount,
      disclosedFee: isForeign ? await this.worthOf(fee, payee) : fee,
      payerFee: charges[FeeKind.Fee],
      payerCommission: charges[FeeKind.Commission],
      ownAmount: own,
      sourceMax: undefined,
    };
  }

  private async inOwnCurrency(order: AmountOrder, payee: QuotedPayee): Promise<QuoteTerms> {
    const source = givenAmount(order.amount, this.settings);
    const charges = await this.chargesOf(order, payee, source);
    const amount = await this.arrivingOf(source, payee);
    if (amount === 0n)
      throw commonError(CommonErrorId.UnprocessableEntity, {
        message: 'The amount is too small: nothing would arrive',
      });
    return {
      amount,
      disclosedFee: await this.worthOf(charges[FeeKind.Fee].amount, payee),
      payerFee: charges[FeeKind.Fee],
      payerCommission: charges[FeeKind.Commission],
      ownAmount: source,
      sourceMax: source,
    };
  }

  private chargesOf({ transferType, payerIdentifier }: AmountOrder, payee: QuotedPayee, amount: bigint) {
    return this.fees.chargesFor({
      transferType,
      amount,
      currency: this.settings.currency,
      side: QuoteSide.Debit,
      payerIdentifier,
      payeeIdentifier: payee.identifier,
    });
  }

  private async sourceFor(amount: bigint, { receiverUrl, scale }: QuotedPayee): Promise<bigint> {
    const { sourceAmount } = await this.proxy.quoteDestinationAmount(receiverUrl, formatAmount(amount, scale));
    return answeredAmount(sourceAmount, this.settings);
  }

  private async arrivingOf(amount: bigint, { receiverUrl, scale }: QuotedPayee): Promise<bigint> {
    const text = formatAmount(amount, this.settings.scale);
    const { destinationAmount } = await this.proxy.quoteSourceAmount(receiverUrl, text);
    return parseAmount(destinationAmount, { ...unitAtScale(scale), allowZero: true });
  }

  /** A fee in the payee's currency; 0 if it is less than one minor unit there. */
  private async worthOf(fee: bigint, payee: QuotedPayee): Promise<bigint> {
    if (fee === 0n) return 0n;
    try {
      return await this.arrivingOf(fee, payee);
    } catch (error) {
      if (error instanceof ContractError && error.id === 'UnacceptableAmountError') return 0n;
      throw error;
    }
  }
}
