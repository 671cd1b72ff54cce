import { Injectable } from '@nestjs/common';
import { accountOf, isIlpAddress, isUnderPrefix } from '@level-one/ilp';
import { ANY_UNIT, formatAmount, parseAmount } from '@level-one/money';
import {
  accountNameOf,
  type ConnectorQuoteDto,
  IlpConnectorClient,
  type IprQuoteDto,
  LedgerClient,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import { answeredAmount } from '../quotes/amounts.js';
import { iprIn } from '../payments/ipr-payment.js';
import { PayerAccounts } from '../accounts/payer-accounts.js';
import { SpspClientSettings } from '../spsp-client.settings.js';

/** Amount that arrives when an amount is sent (contract 3.8, quoteSourceAmount). */
export interface SentAmountQuote {
  destinationAmount: string;
  connectorAccount: string;
  /** Seconds. */
  sourceExpiryDuration: number;
}

/** An amount that is sent to an ILP address, as it was asked. */
export interface SentAmount {
  to: string;
  sourceAmount: string;
  /** Decimals of the answer. */
  destinationScale?: string | undefined;
  connectorAccount?: string | undefined;
}

/** An amount with so many decimals; what is finer arrives nowhere. */
export function atScale(amount: string, scale: string | undefined): string {
  if (scale === undefined) return amount;
  const units = parseAmount(amount, { ...ANY_UNIT, allowZero: true });
  return formatAmount(units / 10n ** BigInt(ANY_UNIT.scale - Number(scale)), Number(scale));
}

/** Cost of payment requests, and of amounts sent to addresses, on the own ledger (contract 3.8). */
@Injectable()
export class IprQuotesService {
  constructor(
    private readonly settings: SpspClientSettings,
    private readonly connector: IlpConnectorClient,
    private readonly ledger: LedgerClient,
    private readonly accounts: PayerAccounts,
  ) {}

  /**
   * Amount that must leave the payer's account for a payment request. With `connectorAccount`, only over that account.
   * @throws ContractError 400 InvalidBodyError; 422 of the connector, AssetsNotTradedError; 502.
   */
  async quoteIpr(text: string, connectorAccount?: string): Promise<IprQuoteDto> {
    const { address, amount, scale = this.settings.scale } = iprIn(text);
    const payee = accountOf(address, this.settings.ilpPrefix);
    if (payee !== undefined) {
      if (scale !== this.settings.scale) {
        throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The ipr is in decimals of another ledger' });
      }
      // Inside the DFSP the transfer goes straight to the payee (D31).
      return this.quoteOf(amount, this.ledger.accountUri(payee), connectorAccount);
    }
    const quote = await this.connector.quote('row-25', {
      ...this.terms(address),
      destination_amount: formatAmount(amount, scale),
    });
    const sourceAmount = answeredAmount(quote.source_amount, this.settings, 'The connector');
    return this.quoteOf(sourceAmount, this.connectorIn(quote), connectorAccount);
  }

  /** @throws ContractError 400; 422 of the connector, AssetsNotTradedError; 502. */
  async quoteSent({ to, sourceAmount, destinationScale, connectorAccount }: SentAmount): Promise<SentAmountQuote> {
    const { scale, iprExpiryS, ilpPrefix } = this.settings;
    if (!isIlpAddress(to)) {
      throw commonError(CommonErrorId.InvalidUriParameter, { message: 'destinationAddress must be an ILP address' });
    }
    const amount = formatAmount(givenAmount(sourceAmount, this.settings), scale);
    if (isUnderPrefix(to, ilpPrefix)) {
      const own = this.ledger.accountUri(accountOf(to, ilpPrefix) ?? '');
      const destinationAmount = atScale(amount, destinationScale);
      return { destinationAmount, connectorAccount: own, sourceExpiryDuration: iprExpiryS };
    }
    const quote = await this.connector.quote('row-25', { ...this.terms(to), source_amount: amount });
    const { connectorAccount: account } = this.quoteOf(0n, this.connectorIn(quote), connectorAccount);
    return {
      destinationAmount: atScale(quote.destination_amount, destinationScale),
      connectorAccount: account,
      sourceExpiryDuration: iprExpiryS,
    };
  }

  private terms(to: string) {
    const { iprExpiryS, dfsp } = this.settings;
    // The cost does not depend on the payer: any address of the own ledger serves.
    return {
      source_address: this.accounts.addressOf(dfsp),
      destination_address: to,
      source_expiry_duration: String(iprExpiryS),
    };
  }

  private connectorIn({ source_connector_account: account }: ConnectorQuoteDto): string {
    const name = accountOf(account, this.settings.ilpPrefix) ?? accountNameOf(account);
    if (name !== undefined) return this.ledger.accountUri(name);
    throw commonError(CommonErrorId.External, { message: 'The connector names no account of its own' });
  }

  private quoteOf(sourceAmount: bigint, account: string, wanted: string | undefined): IprQuoteDto {
    const { scale, iprExpiryS } = this.settings;
    if (wanted !== undefined && accountNameOf(wanted) !== accountNameOf(account)) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'connectorAccount leads to no such payee' });
    }
    return {
      sourceAmount: formatAmount(sourceAmount, scale),
      connectorAccount: account,
      sourceExpiryDuration: iprExpiryS,
    };
  }
}
