import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { ConditionError, parseFulfillment } from '@level-one/ilp';
import { type PaymentResultDto, SpspClientProxyClient } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { retryUntil } from '@level-one/work';
import { createHash } from 'node:crypto';
import { type OwnTransfer, OwnTransfers } from '../../ledger/own-transfers.js';
import { OutgoingPayment, OutgoingPaymentStatus } from './outgoing-payment.entity.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from './outgoing-payments.repository.js';

const FULFILLMENT_LENGTH_MAX = 1_024;
const REJECTION_LENGTH_MAX = 8_192;
/** After that its keeper is due. */
const STORED_WITHIN_MS = 90_000;

/** Answer of the SPSP client or the scheme adapter about a payment. */
export type PaymentAnswer = Partial<Pick<PaymentResultDto, 'status' | 'fulfillment' | 'rejectionMessage'>>;

/** End of a payment that was never sent, and never will be. */
const NEVER_SENT: PaymentEnd = { status: OutgoingPaymentStatus.Failed };

/** Finds out how a payment ended, and stores it. */
@Injectable()
export class OutgoingPaymentOutcomes implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly payments: OutgoingPaymentsRepository,
    private readonly proxy: SpspClientProxyClient,
    private readonly transfers: OwnTransfers,
    private readonly logger: RoleLogger,
  ) {}

  /** The payment at the SPSP client. `unknown`: it has no such payment. `unanswered`: it could not be asked. */
  async askClient({ paymentId }: OutgoingPayment): Promise<PaymentResultDto | 'unknown' | 'unanswered'> {
    try {
      return await this.proxy.payment(paymentId);
    } catch (error) {
      const isUnknown = error instanceof ContractError && error.status === 404 && error.id === 'NotFoundError';
      return isUnknown ? 'unknown' : 'unanswered';
    }
  }

  /**
   * How a payment ended: the state of its transfer at the DFSP's ledger. What the SPSP client or the scheme adapter say
   * counts only if the ledger has no such transfer, and only as "it will not be sent": then the payment is given up.
   * Undefined while the payment may still move money, or the ledger cannot be read.
   * @param isOver whether it must have come to the ledger by now, if it ever comes
   */
  confirmEnd(payment: OutgoingPayment, told: PaymentAnswer, { isOver = false } = {}): Promise<PaymentEnd | undefined> {
    return this.unlessAway(payment, async () => {
      const transfer = await this.transfers.findTransfer(payment.paymentId);
      if (transfer && isOf(transfer, payment)) return this.endOf(payment, transfer, told);
      const end = this.endOfUnsent(payment, told) ?? (isOver ? NEVER_SENT : undefined);
      return end && this.endIfVoid(payment, end);
    });
  }

  /**
   * Sees to it that a payment can never be sent any more (ruling 40).
   * @returns `end`, or how its transfer ended if the ledger has one; undefined while that may still move money, or the
   * ledger cannot be asked
   */
  giveUp(payment: OutgoingPayment, end: PaymentEnd = NEVER_SENT): Promise<PaymentEnd | undefined> {
    return this.unlessAway(payment, () => this.endIfVoid(payment, end));
  }

  /** Whether the DFSP's ledger has no transfer of a payment; false if the ledger cannot be read. */
  async isUnknownToLedger({ paymentId }: OutgoingPayment): Promise<boolean> {
    try {
      return (await this.transfers.findTransfer(paymentId)) === undefined;
    } catch (error) {
      if (error instanceof ContractError) return false;
      throw error;
    }
  }

  /** Stores how a payment ended. Of two requests at once, one stores it. */
  async recordEnd(payment: OutgoingPayment, end: PaymentEnd): Promise<void> {
    if (!(await this.payments.endPayment(payment, end))) await this.compareEnds(payment, end);
  }

  /**
   * Stores that a payment of a quote was executed, after its payer has got the answer. While the database is away that is
   * tried again; if it is not stored, the keeper finds it at the ledger.
   */
  async recordExecuted(payment: OutgoingPayment, end: PaymentEnd): Promise<void> {
    const store = (): Promise<boolean> => this.payments.executeWithOthers(payment, end.fulfillment ?? null);
    const deadline = new Date(Date.now() + STORED_WITHIN_MS);
    try {
      if (!(await retryUntil(deadline, store, this.stopping.signal))) await this.compareEnds(payment, end);
    } catch (err) {
      const { paymentId } = payment;
      this.logger.warn({ err, paymentId }, 'the end of a payment was not stored; it is looked for at the ledger again');
    }
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async compareEnds({ paymentId }: OutgoingPayment, end: PaymentEnd): Promise<void> {
    const known = await this.payments.findPayment(paymentId);
    const isPaid = (status: unknown): boolean => status === OutgoingPaymentStatus.Executed;
    if (known && isPaid(known.status) === isPaid(end.status)) return;
    this.logger.error(
      { paymentId, known: known?.status, told: end.status },
      'a payment has two different ends: compare it with the ledger',
    );
  }

  private async endIfVoid(payment: OutgoingPayment, end: PaymentEnd): Promise<PaymentEnd | undefined> {
    const { paymentId, account } = payment;
    const found = await this.transfers.voidTransfer(paymentId, account);
    if (found === 'void') return end;
    if (isOf(found, payment)) return this.endOf(payment, found, {});
    this.logger.error({ paymentId }, 'the ledger has another transfer under the id of a payment');
    // The id is taken, so that the payment can never be sent.
    const isFree = found.debit?.account !== account || found.state === 'rejected' || found.state === 'expired';
    return isFree ? end : undefined;
  }

  private async unlessAway<T>({ paymentId }: OutgoingPayment, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (err) {
      if (!(err instanceof ContractError)) throw err;
      this.logger.warn({ err, paymentId }, 'the ledger could not be asked about a payment; it stays open');
      return undefined;
    }
  }

  private async endOf(
    payment: OutgoingPayment,
    transfer: OwnTransfer,
    told: PaymentAnswer,
  ): Promise<PaymentEnd | undefined> {
    switch (transfer.state) {
      case 'executed': {
        const fulfillment = await this.fulfillmentOf(payment, transfer, told.fulfillment);
        return { status: OutgoingPaymentStatus.Executed, fulfillment };
      }
      case 'rejected': {
        const rejectionMessage = smallObject(transfer.rejection ?? told.rejectionMessage);
        return { status: OutgoingPaymentStatus.Rejected, rejectionMessage };
      }
      case 'expired':
        return { status: OutgoingPaymentStatus.Expired };
      default:
        return undefined;
    }
  }

  private endOfUnsent({ paymentId }: OutgoingPayment, told: PaymentAnswer): PaymentEnd | undefined {
    switch (told.status) {
      case 'rejected':
        return { status: OutgoingPaymentStatus.Rejected, rejectionMessage: smallObject(told.rejectionMessage) };
      case 'expired':
        return { status: OutgoingPaymentStatus.Expired };
      case 'executed':
        this.logger.error({ paymentId }, 'a payment was answered as executed, but the ledger has no such transfer');
        return undefined;
      default:
        return undefined;
    }
  }

  private async fulfillmentOf(
    { paymentId }: OutgoingPayment,
    { conditionHash }: OwnTransfer,
    told: unknown,
  ): Promise<string | null> {
    const hash = typeof told === 'string' ? fulfillmentHashOf(told) : undefined;
    const isTrue = hash !== undefined && hash === conditionHash;
    const fulfillment = isTrue ? (told as string) : await this.transfers.fulfillmentOf(paymentId);
    return fulfillment.length <= FULFILLMENT_LENGTH_MAX ? fulfillment : null;
  }
}

/** Whether the transfer under a payment's id has the payment's account, amount and condition. */
function isOf({ debit, conditionHash }: OwnTransfer, payment: OutgoingPayment): boolean {
  return (
    debit?.account === payment.account &&
    debit.amount === payment.amount &&
    (payment.conditionHash === null || payment.conditionHash === conditionHash)
  );
}

function fulfillmentHashOf(text: string): string | undefined {
  try {
    return createHash('sha256').update(parseFulfillment(text)).digest('base64url');
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

function smallObject(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  return JSON.stringify(value).length <= REJECTION_LENGTH_MAX ? (value as Record<string, unknown>) : null;
}
