import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import { LedgerChargeDto, LedgerClient } from '@level-one/peers';
import { ChargeKind } from '@level-one/transfer';
import { partiesOf, type Quote, type QuoteSides, QuoteStatus } from '@level-one/quote';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { OwnAccounts } from '../ledger/own-accounts.js';
import { OwnTransfers } from '../ledger/own-transfers.js';
import { accountOfQuote } from '../quotes/quote-account.js';

/** Fee of the payer of a payment, and commission of its agent. */
export interface PayerCharges {
  paymentId: string;
  /** Name of the payer's account. */
  account: string;
  /** Minor units. */
  fee: bigint;
  /** Minor units. */
  commission: bigint;
}

/**
 * Fees and commissions of a payment on the DFSP's own ledger, booked there in the transaction of its execution (ruling
 * 10). A payment inside the DFSP has the charges of both sides on one transfer, so the first side hands in all of them,
 * and the other side the same again. Any other payment has the charges of one side only.
 */
@Injectable()
export class PaymentCharges {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly ledger: LedgerClient,
    private readonly accounts: OwnAccounts,
    private readonly transfers: OwnTransfers,
    private readonly customers: CustomersService,
  ) {}

  /**
   * Hands in the payer's charges, before the transfer is prepared.
   * @throws ContractError 422 InsufficientFundsError; 502
   */
  async handInPayers(payment: PayerCharges, { debit, credit }: QuoteSides): Promise<void> {
    const ofPayee = credit && isOnePayment(debit, credit) ? await this.chargesOfPayee(credit) : [];
    await this.handIn('row-23a', payment.paymentId, [...this.chargesOfPayer(payment), ...ofPayee]);
  }

  /**
   * Hands in the payee's charges, while the transfer is prepared.
   * @throws ContractError 422; 502; 503 while the ledger cannot be read
   */
  async handInPayees(paymentId: string, { debit, credit }: QuoteSides): Promise<void> {
    const payer = debit && isOnePayment(debit, credit) ? await this.payerOf(debit) : undefined;
    const ofPayee = credit ? await this.chargesOfPayee(credit) : [];
    await this.handIn('row-35b', paymentId, [...(payer ? this.chargesOfPayer(payer) : []), ...ofPayee]);
  }

  /**
   * Charges of the payer of a payment inside the DFSP; undefined while no client pays the quote. The quote of an
   * invoice names no account, so the account that the transfer debits is used.
   */
  private async payerOf(debit: Quote): Promise<PayerCharges | undefined> {
    const { paymentId, status, heldAt, fee, commission } = debit;
    if (heldAt === null && status !== QuoteStatus.Used) return undefined;
    const account = accountOfQuote(debit) ?? (await this.transfers.findTransfer(paymentId))?.debit?.account;
    return account === undefined ? undefined : { paymentId, account, fee, commission };
  }

  private async handIn(hop: 'row-23a' | 'row-35b', paymentId: string, charges: readonly DueCharge[]): Promise<void> {
    const due = charges.filter(({ amount }) => amount > 0n);
    if (due.length > 0) await this.ledger.putCharges(hop, paymentId, this.wireChargesOf(due));
  }

  private chargesOfPayer({ account, fee, commission }: PayerCharges): DueCharge[] {
    const { feeAccount, commissionAccount, agentCommissionAccount } = this.settings;
    return [
      { from: account, to: feeAccount, amount: fee, kind: ChargeKind.Fee },
      { from: commissionAccount, to: agentCommissionAccount, amount: commission, kind: ChargeKind.Commission },
    ];
  }

  private async chargesOfPayee({
    ownIdentifier,
    destinationAccount,
    charged,
    commission,
  }: Quote): Promise<DueCharge[]> {
    const { feeAccount, commissionAccount } = this.settings;
    const account = this.accounts.keptName(destinationAccount ?? '');
    const agent = commission > 0n ? await this.agentAccountOf(ownIdentifier) : '';
    return [
      { from: account, to: feeAccount, amount: charged, kind: ChargeKind.Fee },
      { from: commissionAccount, to: agent, amount: commission, kind: ChargeKind.Commission },
    ];
  }

  /** The agent's own account for commissions, else the DFSP's shared one. */
  private async agentAccountOf(identifier: string): Promise<string> {
    return (await this.customers.commissionAccountOf(identifier)) ?? this.settings.agentCommissionAccount;
  }

  private wireChargesOf(charges: readonly DueCharge[]): LedgerChargeDto[] {
    return charges.map(({ from, to, amount, kind }) => ({
      from: this.ledger.accountUri(from),
      to: this.ledger.accountUri(to),
      amount: formatAmount(amount, this.settings.scale),
      kind,
    }));
  }
}

/**
 * Whether two quotes are the sides of one payment inside the DFSP. The id alone proves nothing: other DFSPs choose
 * theirs.
 */
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
  kind: ChargeKind;
}
