import { Injectable } from '@nestjs/common';
import { invalidBody } from '@level-one/errors';
import { decodePacket, packetFromText, parseTimestamp } from '@level-one/ilp';
import { formatAmount, parseAmount } from '@level-one/money';
import {
  accountNameOf,
  type ApprovalRequestDto,
  type IprReplyDto,
  notFoundAs,
  type PaymentTarget,
  ReceiverSetupRequestDto,
  requestFingerprint,
  type SetupApprovalDto,
  SpspBackendClient,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import type { IssuedPayment, NewIssuedPayment } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { type IssuedPacket, PaymentIssuer, type PaymentTerms } from '../issuing/payment-issuer.js';
import { invalidReceiverId, invoiceNotFound } from '../receivers/spsp-server-errors.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

/** Terms of a payment that is set up: who pays is known. */
type SetupTerms = PaymentTerms & { senderIdentifier: string; memo: string | Record<string, unknown> | null };

interface Setup {
  request: ReceiverSetupRequestDto;
  target: PaymentTarget;
  fingerprint: string;
  approval: SetupApprovalDto;
  known: IssuedPayment | null;
}

/** Sets payments up (hop S.C): what the payee's DFSP approves gets a packet and a condition, once. */
@Injectable()
export class SpspServerSetupService {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly backend: SpspBackendClient,
    private readonly issuer: PaymentIssuer,
    private readonly payments: IssuedPaymentsRepository,
  ) {}

  /**
   * `from` is the DFSP that is proven to ask.
   * @throws ContractError 400 InvalidBodyError, 404 InvalidReceiverIdError or InvoiceNotFoundError, 422
   * AlreadyExistsError when the id is that of another setup, and whatever the payee's DFSP refuses it with, as 429
   * TooManyRequestsError when the payer's DFSP has too many open.
   */
  async setUp(request: ReceiverSetupRequestDto, target: PaymentTarget, from: string | undefined): Promise<IprReplyDto> {
    if ('identifier' in target && request.amount === undefined)
      throw invalidBody('ReceiverSetupRequest', 'amount', 'must be given for a payee');
    const question = this.questionOf(request, target);
    const fingerprint = this.fingerprintOf(question);
    const known = await this.payments.findIssued(question.paymentId);
    if (known && known.fingerprint !== null) {
      assertSame(known, fingerprint);
      // The payee's DFSP is asked again too (S.F), and knows the answer as well.
      await this.approve(question, target, { repeated: true, from });
      return known.reply!;
    }
    const approval = await this.approve(question, target, { repeated: false, from });
    const payment = this.issuePayment({ request, target, fingerprint, approval, known });
    const kept = known ? await this.payments.addSetup(payment) : await this.payments.keepFirst(payment);
    assertSame(kept, fingerprint);
    return kept.reply!;
  }

  private questionOf(
    { paymentId, senderIdentifier, amount, memo }: ReceiverSetupRequestDto,
    target: PaymentTarget,
  ): ApprovalRequestDto {
    return {
      ...target,
      senderIdentifier,
      ...(amount === undefined ? {} : { amount }),
      ...(memo === undefined ? {} : { memo }),
      paymentId: paymentId.toLowerCase(),
    };
  }

  private fingerprintOf({ amount, ...question }: ApprovalRequestDto): string {
    return requestFingerprint({ ...question, amount: amount === undefined ? undefined : this.minorUnits(amount) });
  }

  /** @throws ContractError 422 when the ledger has fewer decimals. */
  private minorUnits(amount: string): string {
    return givenAmount(amount, this.settings).toString();
  }

  private async approve(
    question: ApprovalRequestDto,
    target: PaymentTarget,
    options: { repeated: boolean; from: string | undefined },
  ): Promise<SetupApprovalDto> {
    const notFound = 'invoiceId' in target ? invoiceNotFound : invalidReceiverId;
    return notFoundAs(notFound, () => this.backend.setup(question, options));
  }

  /** `known` is what a payment request was made of before: one payment has one packet and one condition. */
  private issuePayment({ request, target, fingerprint, approval, known }: Setup): NewIssuedPayment {
    const { paymentId, senderIdentifier, amount, memo, receiver } = request;
    const terms = {
      paymentId: paymentId.toLowerCase(),
      senderIdentifier,
      memo: memo ?? null,
      ...this.approvedTerms(approval),
    };
    if (amount !== undefined && this.minorUnits(amount) !== terms.amount.toString()) {
      throw brokenApproval('it approves another amount');
    }
    if (known && (known.amount !== terms.amount || known.account !== terms.account)) {
      throw brokenApproval('it is not of the payment that was asked for');
    }
    const issued = known ? issuedBefore(known) : this.issuer.issuePayment(terms);
    return {
      ...terms,
      invoiceId: 'invoiceId' in target ? target.invoiceId : null,
      identifier: 'identifier' in target ? target.identifier : null,
      fingerprint,
      packet: issued.packet,
      condition: issued.condition,
      reply: this.replyOf(terms, issued, approval, receiver),
      ipr: known?.ipr ?? null,
      requestFingerprint: known?.requestFingerprint ?? null,
      data: known?.data ?? null,
    };
  }

  private approvedTerms(approval: SetupApprovalDto): Pick<PaymentTerms, 'account' | 'amount' | 'expiresAt'> {
    const { scale, precision, setupLifetimeMaxS } = this.settings;
    const account = accountNameOf(approval.destinationAccount);
    const expiresAt = parseTimestamp(approval.expiresAt)?.getTime();
    const latest = Date.now() + setupLifetimeMaxS * 1_000;
    if (account === undefined) throw brokenApproval('it names no account');
    if (expiresAt === undefined) throw brokenApproval('it has no expiry');
    try {
      const amount = parseAmount(approval.destinationAmount, { scale, precision });
      return { account, amount, expiresAt: new Date(Math.min(expiresAt, latest)) };
    } catch (cause) {
      throw brokenApproval('its amount cannot be read', cause);
    }
  }

  private replyOf(
    { paymentId, amount, senderIdentifier, memo, expiresAt }: SetupTerms,
    { address, packet, condition }: IssuedPacket,
    { name, destinationAccount }: SetupApprovalDto,
    receiver: string,
  ): IprReplyDto {
    const amountText = formatAmount(amount, this.settings.scale);
    const expiry = expiresAt.toISOString();
    return {
      id: paymentId,
      name,
      receiver,
      destinationAccount,
      address,
      amount: amountText,
      destinationAmount: amountText,
      expires_at: expiry,
      expiresAt: expiry,
      data: { sender_identifier: senderIdentifier, senderIdentifier, ...(memo === null ? {} : { memo }) },
      additional_headers: packet,
      additionalHeaders: packet,
      condition,
      execution_condition: condition,
    };
  }
}

function issuedBefore({ packet, condition }: IssuedPayment): IssuedPacket {
  return { packet, condition, address: decodePacket(packetFromText(packet)).address };
}

function assertSame(payment: IssuedPayment, fingerprint: string): void {
  if (payment.fingerprint === fingerprint) return;
  throw commonError(CommonErrorId.AlreadyExists, { message: 'paymentId is that of another setup' });
}

function brokenApproval(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, { message: `The answer of the DFSP is of no use: ${problem}`, cause });
}
