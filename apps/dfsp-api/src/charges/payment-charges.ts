import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import { LedgerClient, type WireCharge } from '@level-one/peers';
import { partiesOf, type Quote, QuoteRepository, QuoteSide } from '@level-one/quote';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { LedgerAccounts } from '../ledger/ledger-accounts.js';
import type { OutgoingPayment } from '../payer/payments/outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from '../payer/payments/outgoing-payments.repository.js';

/**
 * Fees and commissions of a payment on the DFSP's own ledger, booked there in the transaction of its execution
 * (ruling 10). A payment inside the DFSP has those of both its sides on one transfer, so whichever side is first hands
 * in all of them, and the other one the same again. Any other payment has those of one side, whatever else may have been
 * quoted under its id.
 */
@Injectable()
export class PaymentCharges {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly ledger: LedgerClient,
    private readonly accounts: LedgerAccounts,
    private readonly customers: CustomersService,
    private readonly payments: OutgoingPaymentsRepository,
    private readonly quotes: QuoteRepository,
  ) {}

  /** For the payer, before the transfer is prepared. @throws ContractError 422 InsufficientFundsError; 502 */
  ofPayer(paymentId: string): Promise<void> {
    return this.handIn('row-23a', paymentId, QuoteSide.Debit);
  }

  /** For the payee, while the transfer is prepared. @throws ContractError 422; 502 */
  ofPayee(paymentId: string): Promise<void> {
    return this.handIn('row-35b', paymentId, QuoteSide.Credit);
  }

  private async handIn(hop: 'row-23a' | 'row-35b', paymentId: string, side: QuoteSide): Promise<void> {
    const [payment, debit, credit] = await Promise.all([
      this.payments.find(paymentId),
      this.quotes.find({ paymentId, isDebit: true }),
      this.quotes.find({ paymentId, isDebit: false }),
    ]);
    const isInside = isOnePayment(debit, credit);
    const ofPayer = payment && (side === QuoteSide.Debit || isInside) ? this.payers(payment) : [];
    const ofPayee = credit && (side === QuoteSide.Credit || isInside) ? await this.payees(credit) : [];
    const charges = [...ofPayer, ...ofPayee];
    const due = charges.filter(({ amount }) => amount > 0n);
    if (due.length > 0) await this.ledger.putCharges(hop, paymentId, this.wire(due));
  }

  private payers({ account, fee, commission }: OutgoingPayment): DueCharge[] {
    const { feeAccount, commissionAccount, agentCommissionAccount } = this.settings;
    return [
      { from: account, to: feeAccount, amount: fee, kind: 'fee' },
      { from: commissionAccount, to: agentCommissionAccount, amount: commission, kind: 'commission' },
    ];
  }

  private async payees({ ownIdentifier, destinationAccount, charged, commission }: Quote): Promise<DueCharge[]> {
    const { feeAccount, commissionAccount } = this.settings;
    const account = this.accounts.nameOf(destinationAccount ?? '');
    const agent = commission > 0n ? await this.agentAccountOf(ownIdentifier) : '';
    return [
      { from: account, to: feeAccount, amount: charged, kind: 'fee' },
      { from: commissionAccount, to: agent, amount: commission, kind: 'commission' },
    ];
  }

  /** The agent's own account for commissions, else the DFSP's common one. */
  private async agentAccountOf(identifier: string): Promise<string> {
    return (await this.customers.commissionAccount(identifier)) ?? this.settings.agentCommissionAccount;
  }

  private wire(charges: readonly DueCharge[]): WireCharge[] {
    return charges.map(({ from, to, amount, kind }) => ({
      from: this.ledger.accountUri(from),
      to: this.ledger.accountUri(to),
      amount: formatAmount(amount, this.settings.scale),
      kind,
    }));
  }
}

/** Whether two quotes are the sides of one payment inside the DFSP; others can choose the id of theirs. */
function isOnePayment(debit: Quote | null, credit: Quote | null): boolean {
  if (!debit || !credit || credit.params['isForeign'] === true) return false;
  const [one, other] = [partiesOf(debit), partiesOf(credit)];
  return (
    one.payerIdentifier === other.payerIdentifier &&
    one.payeeIdentifier === other.payeeIdentifier &&
    debit.transferAmount === credit.transferAmount
  );
}

/** Accounts by name, amount in minor units. */
interface DueCharge {
  from: string;
  to: string;
  amount: bigint;
  kind: WireCharge['kind'];
}
