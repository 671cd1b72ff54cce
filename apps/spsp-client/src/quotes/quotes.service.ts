import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { accountOf, isIlpAddress, isUnderPrefix, joinAddress } from '@level-one/ilp';
import { type AmountUnit, ANY_UNIT, formatAmount, formatShortest, readAmount } from '@level-one/money';
import {
  accountNameOf,
  type ConnectorQuoteDto,
  type ConnectorQuoteQuery,
  type DfspOriginsDto,
  IlpConnectorClient,
  LedgerClient,
  notFoundAs,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import { answeredAmount, withDecimals } from './amounts.js';
import { OutsideUrls } from '../outside/outside-urls.js';
import { OutsideWorld } from '../outside/outside-world.js';
import { invalidReceiverId, SpspClientErrorId, spspClientError } from '../outside/spsp-client-errors.js';
import { SpspClientSettings } from '../spsp-client.settings.js';

/** Ids of connectors' answers when there is no route. */
const ASSETS_NOT_TRADED = 'AssetsNotTradedError';

/** Cost of a payment on the own ledger. */
export interface SourceQuote {
  /** Minor units. */
  sourceAmount: bigint;
  /** Name of the connector's account on the own ledger; null when the payee has an account on it too. */
  connectorAccount: string | null;
}

/** Cost of payments: from the DFSP's own connector; inside the DFSP one to one (D31). */
@Injectable()
export class SpspClientQuotesService {
  constructor(
    private readonly settings: SpspClientSettings,
    private readonly connector: IlpConnectorClient,
    private readonly urls: OutsideUrls,
    private readonly outside: OutsideWorld,
    private readonly ledger: LedgerClient,
  ) {}

  /**
   * Amount that must leave the payer's account so that `amount`, in decimals of the payee's ledger, arrives.
   * @throws ContractError 422 of the connector, 502.
   */
  async forPayment(
    hop: 'P.C' | 'row-25',
    { from, to, amount }: { from: string; to: string; amount: string },
  ): Promise<SourceQuote> {
    const { ilpPrefix, scale } = this.settings;
    if (isUnderPrefix(to, ilpPrefix))
      return { sourceAmount: givenAmount(amount, this.settings), connectorAccount: null };
    const quote = await this.connector.quote(hop, {
      source_address: from,
      destination_address: to,
      destination_amount: withDecimals(amount, scale),
    });
    const connectorAddress = quote?.source_connector_account;
    const connectorAccount = accountOf(connectorAddress, ilpPrefix) ?? accountNameOf(connectorAddress);
    if (connectorAccount === undefined) {
      throw commonError(CommonErrorId.External, { message: 'The connector names no account of its own' });
    }
    return { sourceAmount: answeredAmount(quote.source_amount, this.settings, 'The connector'), connectorAccount };
  }

  /** Amount that arrives at a receiver. @throws ContractError 400, 404, 422, 502. */
  async destinationAmount(receiver: string, sourceAmount: string): Promise<string> {
    const amount = this.amountOf(sourceAmount);
    const to = await this.addressBehind(receiver);
    if (isUnderPrefix(to, this.settings.ilpPrefix)) return amount;
    const query = { source_address: this.ownAddress(), destination_address: to, source_amount: amount };
    const quote = await this.askConnector(receiver, query);
    return this.destinationIn(quote.destination_amount);
  }

  /** Amount that must be sent to a receiver. @throws ContractError 400, 404, 422, 502. */
  async sourceAmount(receiver: string, destinationAmount: string): Promise<string> {
    const amount = this.amountOf(destinationAmount, ANY_UNIT);
    const to = await this.addressBehind(receiver);
    if (isUnderPrefix(to, this.settings.ilpPrefix)) return this.amountOf(amount);
    const query = { source_address: this.ownAddress(), destination_address: to, destination_amount: amount };
    const quote = await this.askConnector(receiver, query);
    return this.amountIn(quote.source_amount);
  }

  /** `unit` is the own ledger's, or any for an amount of a ledger that only others know. */
  private amountOf(text: string, { scale, precision }: AmountUnit = this.settings): string {
    if (text === '') throw spspClientError(SpspClientErrorId.NoAmountSpecified);
    const amount = readAmount(text, { scale, precision }, ({ reason }) =>
      spspClientError(
        reason === 'scale' || reason === 'precision'
          ? SpspClientErrorId.UnacceptableAmount
          : SpspClientErrorId.InvalidAmountSpecified,
      ),
    );
    return withDecimals(formatShortest(amount, scale), this.settings.scale);
  }

  /** In decimals that only the payee's ledger knows. */
  private destinationIn(value: unknown): string {
    answeredAmount(value, ANY_UNIT, 'The connector');
    return value as string;
  }

  private amountIn(value: unknown): string {
    const { scale } = this.settings;
    return formatAmount(answeredAmount(value, this.settings, 'The connector'), scale);
  }

  /** Any address of the own ledger will do: what a payment costs does not depend on who pays. */
  private ownAddress(): string {
    return joinAddress(this.settings.ilpPrefix, this.settings.dfsp);
  }

  /** An address without a route counts as an unknown receiver. */
  private async askConnector(receiver: string, query: ConnectorQuoteQuery): Promise<ConnectorQuoteDto> {
    try {
      return await this.connector.quote('row-25', query);
    } catch (error) {
      const isUnreachable = error instanceof ContractError && error.id === ASSETS_NOT_TRADED;
      throw isUnreachable && isIlpAddress(receiver) ? invalidReceiverId(error) : error;
    }
  }

  private async addressBehind(receiver: string): Promise<string> {
    if (isIlpAddress(receiver)) return this.knownAddress(receiver);
    const { owner } = await this.urls.receiverUrlOf(receiver);
    const found = await this.outside.readReceiverOrInvoice(receiver);
    if (isIlpAddress(found?.account)) return found.account;
    const account = accountNameOf(found?.account);
    if (account !== undefined) {
      const address = `${this.prefixOf(owner)}${account}`;
      if (isIlpAddress(address)) return address;
    }
    throw commonError(CommonErrorId.External, { message: 'The account of the receiver has no ILP address' });
  }

  /** Addresses of other ledgers only those know. @throws ContractError 404 InvalidReceiverIdError */
  private async knownAddress(address: string): Promise<string> {
    const account = accountOf(address, this.settings.ilpPrefix);
    if (account !== undefined) await notFoundAs(invalidReceiverId, () => this.ledger.account(account));
    return address;
  }

  /** ILP prefixes of DFSPs differ in the last segment, which is the DFSP's short name (contract section 1). */
  private prefixOf({ shortName }: DfspOriginsDto): string {
    return this.settings.ilpPrefix.replace(/[^.]+\.$/, `${shortName}.`);
  }
}
