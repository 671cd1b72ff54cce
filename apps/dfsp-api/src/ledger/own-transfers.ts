import { Injectable } from '@nestjs/common';
import { findAmount, formatAmount } from '@level-one/money';
import { ContractError } from '@level-one/errors';
import { ConditionError, parseCondition } from '@level-one/ilp';
import { accountNameOf, LedgerClient, type WireTransfer, type WireTransferPart } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { OwnAccounts } from './own-accounts.js';

/** State of a transfer: `open` until it is prepared, `prepared` until it is fulfilled, rejected or expires. */
export type TransferState = 'open' | 'prepared' | 'executed' | 'rejected' | 'expired';

/** When a transfer enters a state. */
export type TransferMoment = 'proposed' | 'prepared' | 'executed' | 'rejected';
const MOMENTS: readonly TransferMoment[] = ['proposed', 'prepared', 'executed', 'rejected'];

/** One side of a transfer. */
export interface TransferSide {
  /** Name of the account. */
  account: string;
  /** Minor units; undefined when it cannot be read. */
  amount: bigint | undefined;
}

/** A transfer as the DFSP's own ledger shows it. */
export interface OwnTransfer {
  state: TransferState;
  debit: TransferSide | undefined;
  credit: TransferSide | undefined;
  /** SHA-256 of the fulfilment in base64url; undefined without a readable condition. */
  conditionHash: string | undefined;
  /** Reason of the rejection. */
  rejection: Record<string, unknown> | undefined;
  /** By the ledger's clock; in the order of states, without one that was left at once. */
  times: Partial<Record<TransferMoment, Date>>;
}

/** Time in which a proposal that uses up an id is rejected. */
const PROPOSAL_MS = 60_000;
/** Nobody knows what it is the hash of. */
const UNMEETABLE_CONDITION = `ni:///sha-256;${Buffer.alloc(32).toString('base64url')}?fpt=preimage-sha-256&cost=32`;

/** Transfers on the DFSP's own ledger, which alone decides how a transfer ended. */
@Injectable()
export class OwnTransfers {
  constructor(
    private readonly ledger: LedgerClient,
    private readonly accounts: OwnAccounts,
    private readonly settings: DfspApiSettings,
  ) {}

  /**
   * Reads a transfer; undefined if the ledger has none with this id.
   * @throws ContractError 503 ServiceUnavailableError if the ledger cannot be read: its state is then unknown
   */
  async findTransfer(transferId: string): Promise<OwnTransfer | undefined> {
    const transfer = await this.findAny(transferId);
    return transfer && this.isUsedUp(transfer) ? undefined : transfer;
  }

  /**
   * Sees to it that a transfer that the ledger does not know never comes (ruling 40). A known one stays as it is, and is
   * answered.
   * @param account of the DFSP's customer, for a ledger that cannot make ids void
   * @throws ContractError 503 ServiceUnavailableError if that cannot be done now
   */
  async voidTransfer(transferId: string, account: string): Promise<OwnTransfer | 'void'> {
    try {
      const answer = await this.ledger.voidTransfer(transferId);
      if (answer === undefined) return await this.useUp(transferId, account);
      return answer.state === 'void' ? 'void' : this.readTransfer(answer);
    } catch (cause) {
      if (cause instanceof ContractError) throw ledgerUnreadable(cause);
      throw cause;
    }
  }

  /**
   * Proposes a transfer to this role's own account, which holds nothing, and rejects it: its id is used up. Every step
   * may be repeated after a crash.
   */
  private async useUp(transferId: string, account: string): Promise<OwnTransfer | 'void'> {
    const known = await this.findAny(transferId);
    if (known && !this.isOfThisRole(known)) return known;
    if (known && this.isUsedUp(known)) return 'void';
    const amount = formatAmount(1n, this.settings.scale);
    const { ledgerName } = this.settings;
    if (!known) {
      await this.ledger.putTransfer('support-ledger', transferId, {
        id: this.ledger.transferUri(transferId),
        ledger: this.ledger.baseUrl,
        debits: [{ account: this.ledger.accountUri(account), amount }],
        credits: [{ account: this.ledger.accountUri(ledgerName), amount }],
        execution_condition: UNMEETABLE_CONDITION,
        expires_at: new Date(Date.now() + PROPOSAL_MS).toISOString(),
      });
    }
    return this.rejectProposal(transferId);
  }

  /** The ledger's state counts, not its answer: ledgers answer rejections in several forms. */
  private async rejectProposal(transferId: string): Promise<'void'> {
    const reason = { code: 'F99', name: 'Void', message: 'The payment was given up' };
    try {
      await this.ledger.reject('support-ledger', transferId, reason);
    } catch (cause) {
      const rejected = await this.findAny(transferId);
      if (!rejected || !this.isUsedUp(rejected)) throw cause;
    }
    return 'void';
  }

  /** Reads a transfer, also one that only used up its id. @throws as {@link findTransfer} */
  private async findAny(transferId: string): Promise<OwnTransfer | undefined> {
    try {
      return this.readTransfer(await this.ledger.transfer(transferId));
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause;
      if (cause.status === 404) return undefined;
      throw ledgerUnreadable(cause);
    }
  }

  /** Whether a transfer only used up its id. */
  private isUsedUp(transfer: OwnTransfer): boolean {
    return this.isOfThisRole(transfer) && (transfer.state === 'rejected' || transfer.state === 'expired');
  }

  private isOfThisRole({ credit }: OwnTransfer): boolean {
    return credit?.account === this.settings.ledgerName;
  }

  /** Whether a transfer credits this account (a name, or a URI that this role has kept) with exactly this amount (minor units). */
  creditsExactly({ credit }: OwnTransfer, { amount, account }: { amount: bigint; account: string }): boolean {
    return credit?.amount === amount && credit.account === this.accounts.keptName(account);
  }

  /** The fulfilment that executed a transfer. @throws ContractError 503 ServiceUnavailableError */
  async fulfillmentOf(transferId: string): Promise<string> {
    try {
      return await this.ledger.fulfillment(transferId);
    } catch (cause) {
      if (cause instanceof ContractError) throw ledgerUnreadable(cause);
      throw cause;
    }
  }

  private readTransfer(transfer: WireTransfer): OwnTransfer {
    const rejection = transfer?.credits?.[0]?.rejection_message;
    return {
      state: stateOf(transfer),
      debit: this.sideOf(transfer?.debits?.[0]),
      credit: this.sideOf(transfer?.credits?.[0]),
      conditionHash: conditionHashOf(transfer?.execution_condition),
      rejection: typeof rejection === 'object' && rejection !== null ? rejection : undefined,
      times: timesOf(transfer?.timeline),
    };
  }

  private sideOf(part: WireTransferPart | undefined): TransferSide | undefined {
    const account = accountNameOf(part?.account);
    return account === undefined ? undefined : { account, amount: this.amountOf(part?.amount) };
  }

  private amountOf(text: unknown): bigint | undefined {
    return findAmount(text, { scale: this.settings.scale, precision: this.settings.precision });
  }
}

/** SHA-256 of the fulfilment of a condition, in base64url; undefined for anything but a condition. */
export function conditionHashOf(condition: unknown): string | undefined {
  try {
    return parseCondition(condition as string).hash.toString('base64url');
  } catch (error) {
    if (error instanceof ConditionError) return undefined;
    throw error;
  }
}

function timesOf(timeline: WireTransfer['timeline']): OwnTransfer['times'] {
  const known = MOMENTS.flatMap((moment): [TransferMoment, Date][] => {
    const at = new Date(timeline?.[`${moment}_at`] ?? Number.NaN);
    return Number.isNaN(at.getTime()) ? [] : [[moment, at]];
  });
  const lasting = known.filter(([, at], index) => at.getTime() !== known[index + 1]?.[1].getTime());
  return Object.fromEntries(lasting);
}

function stateOf(transfer: WireTransfer | undefined): TransferState {
  switch (transfer?.state) {
    case 'executed':
    case 'settled':
      return 'executed';
    case 'rejected':
      return transfer.rejection_reason === 'expired' ? 'expired' : 'rejected';
    case 'prepared':
      return 'prepared';
    default:
      return 'open';
  }
}

function ledgerUnreadable(cause: ContractError): Error {
  return commonError(CommonErrorId.ServiceUnavailable, { message: 'The ledger cannot be read now', cause });
}
