import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { LedgerClient, type WireTransfer } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { answeredAmount } from '../amounts.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { LedgerAccounts } from '../ledger-accounts.js';
import { ReceiverPaymentStatus } from './receiver-payment.entity.js';

/** How a transfer ended; `open` while it has not. */
export type TransferOutcome = 'open' | Extract<`${ReceiverPaymentStatus}`, 'executed' | 'rejected' | 'expired'>;

/** What the DFSP's own ledger says of transfers to its customers: it alone knows, whoever tells of them. */
@Injectable()
export class OwnTransfers {
  constructor(
    private readonly ledger: LedgerClient,
    private readonly accounts: LedgerAccounts,
    private readonly settings: DfspApiSettings,
  ) {}

  /**
   * How a transfer ended. One that is not there counts as expired: after its time the ledger takes it no more.
   * @throws ContractError while the ledger does not answer: then nothing is known.
   */
  async outcomeOf(transferId: string): Promise<TransferOutcome> {
    const transfer = await this.find(transferId);
    if (!transfer) return 'expired';
    if (transfer.state === 'executed' || transfer.state === 'settled') return 'executed';
    if (transfer.state !== 'rejected') return 'open';
    return transfer.rejection_reason === 'expired' ? 'expired' : 'rejected';
  }

  /**
   * What a transfer that waits for its fulfilment is of, in minor units, and the account URI it goes to.
   * @throws ContractError 422 UnprocessableEntityError where there is none; 502
   */
  async prepared(transferId: string): Promise<{ amount: bigint; destinationAccount: string }> {
    const transfer = await this.find(transferId);
    const credit = transfer?.credits[0];
    if (transfer?.state !== 'prepared' || credit === undefined) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'The ledger has no such transfer prepared' });
    }
    const account = this.accounts.nameOf(credit.account);
    return {
      amount: answeredAmount(credit.amount, this.settings),
      destinationAccount: this.accounts.uriOf(account),
    };
  }

  private async find(transferId: string): Promise<WireTransfer | undefined> {
    try {
      return await this.ledger.transfer(transferId);
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return undefined;
      throw error;
    }
  }
}
