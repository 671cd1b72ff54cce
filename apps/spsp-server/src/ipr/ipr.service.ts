import { Injectable } from '@nestjs/common';
import {
  accountNameOf,
  amountField,
  type IprDto,
  type QuotedPaymentData,
  textField,
  timeField,
  uuidField,
} from '@level-one/peers';
import { commonError, CommonErrorId, givenAmount } from '@level-one/platform';
import type { NewIssuedPayment } from '../issuing/store/issued-payment.entity.js';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { PaymentRequests, requestFingerprintOf, type RequestTerms } from '../issuing/payment-requests.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

/** Makes payment requests (contract 3.8, createIPR): one for each payment; a repeated request gets the same. */
@Injectable()
export class IprService {
  constructor(
    private readonly settings: SpspServerSettings,
    private readonly requests: PaymentRequests,
    private readonly payments: IssuedPaymentsRepository,
  ) {}

  /**
   * The same request with the same paymentId gets the same bytes.
   * @throws ContractError 400 with the messages of 3.8; 422 UnprocessableEntityError, AlreadyExistsError.
   */
  async create(body: Readonly<Record<string, unknown>>): Promise<IprDto> {
    const terms = this.termsOf(body);
    const kept = await this.payments.findOrIssue(terms.paymentId, () => this.issueRequest(terms));
    if (kept.requestFingerprint === requestFingerprintOf(terms)) return { ipr: kept.ipr! };
    throw commonError(CommonErrorId.AlreadyExists, { message: 'paymentId is that of another payment' });
  }

  /** @throws ContractError 422 UnprocessableEntityError */
  private issueRequest(terms: RequestTerms): NewIssuedPayment {
    if (terms.expiresAt <= new Date()) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'expiresAt is over already' });
    }
    return this.requests.issue(terms);
  }

  private termsOf(body: Readonly<Record<string, unknown>>): RequestTerms {
    const paymentId = uuidField(body, 'paymentId');
    const account = accountNameOf(textField(body, 'destinationAccount'));
    const amount = givenAmount(amountField(body, 'destinationAmount'), this.settings);
    const expiresAt = timeField(body, 'expiresAt');
    if (account === undefined) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'destinationAccount is no account' });
    }
    const memo = dataIn(body);
    return { paymentId, account, amount, expiresAt, memo, senderIdentifier: memo?.payer?.identifier ?? null };
  }
}

const DATA_LENGTH_MAX = 4_096;

/** `data`, an object of little size. */
function dataIn({ data }: Readonly<Record<string, unknown>>): QuotedPaymentData | null {
  if (data === undefined || data === null) return null;
  const isObject = typeof data === 'object' && !Array.isArray(data);
  if (isObject && JSON.stringify(data).length <= DATA_LENGTH_MAX) return partsOf(data as Record<string, unknown>);
  throw commonError(CommonErrorId.InvalidBody, {
    message: `data is not an object of at most ${DATA_LENGTH_MAX} characters`,
  });
}

/** A party whose number is no text says nothing. */
function partsOf(data: Record<string, unknown>): QuotedPaymentData {
  const number = (data['payer'] as { identifier?: unknown } | undefined)?.identifier;
  const { payer: _payer, ...others } = data;
  return typeof number === 'string' ? data : others;
}
