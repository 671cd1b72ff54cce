import { Injectable } from '@nestjs/common';
import { readIpr } from '@level-one/ilp';
import { canonicalJson, type QuotedPaymentData, requestFingerprint } from '@level-one/peers';
import type { NewIssuedPayment } from './store/issued-payment.entity.js';
import { type IssuedPacket, PaymentIssuer, type PaymentTerms } from './payment-issuer.js';
import { readReceivedRequest } from './received-request.js';

/** What a payment request is made of. */
export type RequestTerms = Omit<PaymentTerms, 'memo' | 'seed'> & { memo: QuotedPaymentData | null };

/** Time after the expiry for which what nobody paid is still known. */
export const KNOWN_MS_AFTER_EXPIRY = 60 * 60_000;

/**
 * Payment requests (contract 3.8). The same terms give the same bytes at each instance, and packet and condition of a
 * transfer are enough to know the request again.
 */
@Injectable()
export class PaymentRequests {
  constructor(private readonly issuer: PaymentIssuer) {}

  /** @throws ContractError 422 UnprocessableEntityError when the terms do not fit into a packet. */
  issue(given: RequestTerms): NewIssuedPayment {
    const memo = JSON.parse(canonicalJson(given.memo)) as QuotedPaymentData | null;
    const terms = { ...given, memo };
    const seed = requestFingerprintOf(terms);
    return this.requestOf(terms, this.issuer.issuePayment({ ...terms, seed }));
  }

  /**
   * The request of an arriving transfer.
   *
   * @param knownMs time after its expiry, in ms
   * @returns undefined if it was not issued here, or was over before that time
   */
  restore(
    { packet, condition }: Pick<IssuedPacket, 'packet' | 'condition'>,
    knownMs = KNOWN_MS_AFTER_EXPIRY,
  ): NewIssuedPayment | undefined {
    const received = readReceivedRequest(packet);
    if (!received || !this.issuer.hasIssued({ packet, condition })) return undefined;
    const { address, paymentId, amount, expiresAt } = readIpr(this.issuer.requestOf({ packet, condition }));
    const account = this.issuer.issuedTo(address);
    if (account === undefined || !expiresAt || expiresAt.getTime() + knownMs <= Date.now()) return undefined;
    const terms = { paymentId, account, amount, expiresAt, memo: received.data ?? null, senderIdentifier: null };
    return this.requestOf(terms, { packet, condition });
  }

  private requestOf(terms: RequestTerms, issued: Pick<IssuedPacket, 'packet' | 'condition'>): NewIssuedPayment {
    const { paymentId, account, amount, expiresAt, memo } = terms;
    const { packet, condition } = issued;
    return {
      paymentId,
      fingerprint: null,
      requestFingerprint: requestFingerprintOf(terms),
      ipr: this.issuer.requestOf({ packet, condition }),
      data: memo,
      invoiceId: null,
      identifier: null,
      senderIdentifier: null,
      memo: null,
      account,
      amount,
      packet,
      condition,
      expiresAt,
      reply: null,
    };
  }
}

/** The same for the same terms; who pays is part of the details. */
export function requestFingerprintOf({ paymentId, account, amount, expiresAt, memo }: RequestTerms): string {
  const content = { paymentId, account, amount: amount.toString(), expiresAt: expiresAt.toISOString(), data: memo };
  return requestFingerprint(content);
}
