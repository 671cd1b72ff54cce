import { Injectable } from '@nestjs/common';
import { invalidBody } from '@level-one/errors';
import { canonicalDecimal, formatAmount, formatShortest } from '@level-one/money';
import {
  notFoundAs,
  type ReceiverSetupRequestDto,
  requestFingerprint,
  type SetupRequestDto,
  type SetupResponseDto,
  SpspServerClient,
} from '@level-one/peers';
import { CommonErrorId, commonError, currentTrace, KeyedLanes, RoleLogger, withTrace } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { destinationAmount as wantedAmount, withDecimals } from '../quotes/amounts.js';
import { type PaymentOffer, readIprReply } from './ipr-reply.js';
import { type OutsideUrl, OutsideUrls } from '../outside/outside-urls.js';
import { OutsideWorld } from '../outside/outside-world.js';
import { PayerAccounts } from '../accounts/payer-accounts.js';
import { SpspClientQuotesService } from '../quotes/quotes.service.js';
import type { Setup } from './setup.entity.js';
import { SetupsRepository } from './setups.repository.js';
import { invalidReceiverId, invoiceNotFound } from '../outside/spsp-client-errors.js';
import { SpspClientSettings } from '../spsp-client.settings.js';

/** Members of a setup request that count, in one form. */
type SetupOrder = Omit<SetupRequestDto, 'destinationAmount' | 'paymentId'> & {
  paymentId: string;
  /** Shortest decimal text, of the payee's ledger. */
  destinationAmount: string | undefined;
};

/** Sets payments up: what the payee's side wants, and what it costs here. */
@Injectable()
export class SpspClientSetupService {
  /** Requests with one id come one after the other: the next one finds what the one before was answered. */
  private readonly lanes = new KeyedLanes();

  constructor(
    private readonly settings: SpspClientSettings,
    private readonly setups: SetupsRepository,
    private readonly urls: OutsideUrls,
    private readonly outside: OutsideWorld,
    private readonly spspServer: SpspServerClient,
    private readonly accounts: PayerAccounts,
    private readonly quotes: SpspClientQuotesService,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * The same request with the same paymentId gets the same answer.
   * @throws ContractError 400 InvalidBodyError; 404 InvalidReceiverIdError, InvoiceNotFoundError; 422
   * UnprocessableEntityError, AlreadyExistsError, and what the payee's side or the connector refuse; 502.
   */
  async setUp(request: SetupRequestDto): Promise<SetupResponseDto> {
    const paymentId = (request.paymentId ?? randomUUID()).toLowerCase();
    // Whatever belongs to a payment is traced under its id (contract 0.3).
    return withTrace({ ...currentTrace(), traceId: paymentId }, () =>
      this.lanes.run(paymentId, () => this.setUpOnce(paymentId, request)),
    );
  }

  /** As {@link SetupsRepository.takeNew}. */
  takeNew(paymentId: string): boolean {
    return this.setups.takeNew(paymentId);
  }

  private async setUpOnce(paymentId: string, request: SetupRequestDto): Promise<SetupResponseDto> {
    const order = this.orderOf(paymentId, request);
    const fingerprint = fingerprintOf(order);
    const known = await this.setups.findSetup(order.paymentId);
    if (known) {
      assertSame(known, fingerprint);
      await this.repeatSetup(order);
      return known.response;
    }
    const response = await this.setUpAnew(order);
    this.setups.keep({ paymentId: order.paymentId, fingerprint, response, createdAt: new Date() });
    return response;
  }

  private orderOf(paymentId: string, request: SetupRequestDto): SetupOrder {
    const { receiver, sourceAccount, sourceIdentifier, destinationAmount, memo } = request;
    return {
      receiver,
      sourceAccount,
      sourceIdentifier,
      destinationAmount: destinationAmount === undefined ? undefined : wantedAmount(destinationAmount),
      ...(memo === undefined ? {} : { memo }),
      paymentId,
    };
  }

  private async setUpAnew(order: SetupOrder): Promise<SetupResponseDto> {
    const payer = this.accounts.nameOf(order.sourceAccount);
    const from = this.accounts.addressOf(payer);
    const receiver = await this.urls.receiverUrlOf(order.receiver);
    await this.checkAmount(order, receiver);
    const offer = await this.askPayee(order, receiver);
    const amount = formatShortest(offer.amount, offer.scale);
    if (order.destinationAmount !== undefined && order.destinationAmount !== amount) {
      throw commonError(CommonErrorId.External, { message: "The payee's side wants another amount" });
    }
    const { sourceAmount } = await this.quotes.forPayment('row-25', { from, to: offer.address, amount });
    return this.responseOf(order, offer, sourceAmount);
  }

  /** A payee needs an amount; an invoice has its own, and only that one may be given (N40). */
  private async checkAmount({ destinationAmount }: SetupOrder, { kind, url }: OutsideUrl): Promise<void> {
    if (kind === 'receiver' && destinationAmount === undefined) {
      throw invalidBody('SetupRequest', 'destinationAmount', 'must be given for a payee');
    }
    if (kind === 'receiver' || destinationAmount === undefined) return;
    // Before the payee's side keeps the invoice for this payment.
    const { amount } = await this.outside.readInvoice(url);
    if (canonicalDecimal(amount) === destinationAmount) return;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: "destinationAmount is not the invoice's amount" });
  }

  /** Hop S.C. */
  private async askPayee(order: SetupOrder, { kind, url, owner }: OutsideUrl): Promise<PaymentOffer> {
    const { sourceIdentifier, destinationAmount, memo, paymentId } = order;
    const isPayee = kind === 'receiver' && destinationAmount !== undefined;
    const question: ReceiverSetupRequestDto = {
      receiver: url,
      ...(isPayee ? { amount: withDecimals(destinationAmount, this.settings.scale) } : {}),
      senderIdentifier: sourceIdentifier,
      ...(memo === undefined ? {} : { memo }),
      paymentId,
    };
    const notFound = kind === 'invoice' ? invoiceNotFound : invalidReceiverId;
    const reply = await notFoundAs(notFound, () => this.spspServer.setup(owner.providerUrl, question));
    const { scale, setupLifetimeMaxS } = this.settings;
    return readIprReply(reply, scale, new Date(Date.now() + setupLifetimeMaxS * 1_000));
  }

  /** The payee's side is asked again too (S.F); the answer stands, whether it can be reached or not. */
  private async repeatSetup(order: SetupOrder): Promise<void> {
    try {
      await this.askPayee(order, await this.urls.receiverUrlOf(order.receiver));
    } catch (err) {
      this.logger.warn({ err, paymentId: order.paymentId }, "a repeated setup was not confirmed by the payee's side");
    }
  }

  private responseOf(order: SetupOrder, offer: PaymentOffer, sourceAmount: bigint): SetupResponseDto {
    const { scale } = this.settings;
    const { receiver, sourceAccount, sourceIdentifier, memo, paymentId } = order;
    return {
      id: paymentId,
      name: offer.name,
      receiver,
      destinationAccount: offer.destinationAccount,
      address: offer.address,
      destinationAmount: formatAmount(offer.amount, offer.scale),
      sourceAmount: formatAmount(sourceAmount, scale),
      sourceAccount,
      expiresAt: offer.expiresAt.toISOString(),
      data: { senderIdentifier: sourceIdentifier, ...(memo === undefined ? {} : { memo }) },
      additionalHeaders: offer.packet,
      execution_condition: offer.condition,
      condition: offer.condition,
    };
  }
}

function fingerprintOf({ receiver, sourceAccount, sourceIdentifier, destinationAmount, memo }: SetupOrder): string {
  return requestFingerprint({ receiver, sourceAccount, sourceIdentifier, amount: destinationAmount, memo });
}

function assertSame(setup: Setup, fingerprint: string): void {
  if (setup.fingerprint === fingerprint) return;
  throw commonError(CommonErrorId.AlreadyExists, { message: 'paymentId is that of another setup' });
}
