import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { OwnAccounts } from '../../ledger/own-accounts.js';
import { type OwnTransfer, OwnTransfers } from '../../ledger/own-transfers.js';
import { approvedOf, ReceiverPayment, ReceiverPaymentStatus } from './receiver-payment.entity.js';
import { type FailedStatus, ReceiverPaymentsRepository } from './receiver-payments.repository.js';

/** How a payment ends whose transfer can never come. */
export interface GivenUp {
  status: FailedStatus;
  reason?: Record<string, unknown>;
}

const { Executed, Expired, Rejected } = ReceiverPaymentStatus;

/** Ends payments to customers that got no news, as their transfers at the DFSP's ledger ended. */
@Injectable()
export class ReceiverPaymentEnds {
  constructor(
    private readonly payments: ReceiverPaymentsRepository,
    private readonly transfers: OwnTransfers,
    private readonly accounts: OwnAccounts,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * Ends a payment: as its transfer ended, or as `givenUp` says if the ledger has none, which can then never come any
   * more (ruling 40). Its invoice becomes paid or payable again.
   * @returns false while its transfer is open
   * @throws ContractError 503 ServiceUnavailableError if the ledger cannot be asked; then nothing is changed
   */
  async endPayment(payment: ReceiverPayment, givenUp: GivenUp): Promise<boolean> {
    const { paymentId } = payment;
    const account = this.accounts.keptName(approvedOf(payment).account);
    const transfer = await this.transfers.voidTransfer(paymentId, account);
    if (transfer === 'void') {
      await this.payments.failPayment(payment, givenUp.status, givenUp.reason);
      return true;
    }
    const outcome = this.outcomeOf(payment, transfer);
    if (outcome === undefined) return false;
    this.logger.warn({ paymentId, outcome }, 'the ledger was asked for the state of a payment');
    if (outcome === Executed) await this.payments.executePayment(payment);
    else await this.payments.failPayment(payment, outcome, transfer.rejection);
    return true;
  }

  /**
   * Undefined while the transfer is open. If it credited another account or amount than was set up, the payment is
   * rejected.
   */
  private outcomeOf(
    payment: ReceiverPayment,
    transfer: OwnTransfer,
  ): FailedStatus | ReceiverPaymentStatus.Executed | undefined {
    if (transfer.state === 'expired') return Expired;
    if (transfer.state === 'rejected') return Rejected;
    if (transfer.state !== 'executed') return undefined;
    if (this.transfers.creditsExactly(transfer, approvedOf(payment))) return Executed;
    this.logger.error(
      { paymentId: payment.paymentId },
      'the executed transfer has another account or amount than the setup',
    );
    return Rejected;
  }
}
