import { randomUUID } from 'node:crypto';
import { ContractError } from '@level-one/errors';
import { conditionOf, formatFulfillment } from '@level-one/ilp';
import { ADMIN, ownerOf } from '@level-one/testing';
import {
  AccountType,
  ChargeKind,
  FundsDirection,
  Right,
  type Transfer,
  type TransferContent,
} from '@level-one/transfer';
import { type Charge } from '../schema/charge.entity.js';
import type { Content, ModelCharge } from './ledger-model.fixture.js';
import type {
  AccountOperation,
  Answer,
  ChargesOperation,
  FundsOperation,
  FulfilOperation,
  Operation,
  PutOperation,
  RejectOperation,
} from './ledger-rules.fixture.js';
import type { Ledger } from '../engine/ledger.js';
import type { Principal } from '../rules/principal.js';

const SECRETS = ['execution', 'cancellation', 'other'];
const PREIMAGES = new Map(SECRETS.map((secret) => [secret, Buffer.alloc(32, secret)]));
const FULFILLMENTS = new Map<string, string>([
  ...SECRETS.flatMap((secret) =>
    (['ni', 'cc'] as const).map(
      (spelling) => [`${secret}/${spelling}`, formatFulfillment(PREIMAGES.get(secret)!, spelling)] as const,
    ),
  ),
  ['garbage', '*'] as const,
  ['unsupported', 'cf:1:AAAA'] as const,
]);
const LOCKS = SECRETS.flatMap((secret) => [`${secret}/ni`, `${secret}/cc`]);
const FULFILLMENT_NAMES = new Map([...FULFILLMENTS].map(([name, text]) => [text, name]));

/** Accounts with a kind; all others are plain Five Bells accounts. */
const TYPES: Readonly<Record<string, AccountType>> = {
  bob: AccountType.MobileWallet,
  connector: AccountType.Connector,
  fees: AccountType.Fee,
  commission: AccountType.Commission,
};

/** Row of one transfer of a program. */
export interface StoredTransfer {
  state: string;
  reason: string | null;
  fulfillment: string | null;
}

/**
 * Plays the operations of one program on real ledgers, under its own account names and transfer ids, so that many
 * programs can share one database.
 */
export class Stage {
  private readonly prefix = randomUUID().slice(0, 8);
  private readonly ids = new Map<string, string>();

  constructor(
    /** Start of the program's clock, Unix time in ms. */
    private readonly startedAt: number,
  ) {}

  nameOf(label: string): string {
    return `${this.prefix}-${label}`;
  }

  labelOf(name: string): string {
    return name.startsWith(`${this.prefix}-`) ? name.slice(this.prefix.length + 1) : name;
  }

  idOf(label: string): string {
    const id = this.ids.get(label) ?? randomUUID();
    this.ids.set(label, id);
    return id;
  }

  /** Labels of the program's transfers by their ids. */
  get transfers(): ReadonlyMap<string, string> {
    return new Map([...this.ids].map(([label, id]) => [id, label]));
  }

  async play(ledger: Ledger, operation: Operation): Promise<Answer> {
    try {
      return await this.submit(ledger, operation);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      const { owner } = error.extras as { owner?: string };
      return { status: error.status, error: error.id, ...(owner !== undefined && { owner: this.labelOf(owner) }) };
    }
  }

  /** @returns the labels of this program's transfers that expired, sorted. */
  async sweep(ledger: Ledger): Promise<string[]> {
    const expired = await ledger.rejectExpiredTransfers();
    return expired.flatMap((id) => this.transfers.get(id) ?? []).toSorted();
  }

  private submit(ledger: Ledger, operation: Operation): Promise<Answer> {
    switch (operation.kind) {
      case 'account':
        return this.putAccount(ledger, operation);
      case 'funds':
        return this.moveFunds(ledger, operation);
      case 'put':
        return this.putTransfer(ledger, operation);
      case 'fulfil':
        return this.fulfil(ledger, operation);
      case 'reject':
        return this.reject(ledger, operation);
      default:
        return this.putCharges(ledger, operation);
    }
  }

  private async putAccount(ledger: Ledger, operation: AccountOperation): Promise<Answer> {
    const { account: label, onlyNew = false, balance, floor, cap, isDisabled, isDirect } = operation;
    const change = {
      name: this.nameOf(label),
      balance,
      minimumAllowedBalance: floor,
      netDebitCap: cap,
      isDisabled,
      accountType: TYPES[label],
      directUse: isDirect,
    };
    const { account, created } = await ledger.putAccount(change, { onlyNew });
    return { status: created ? 201 : 200, account: { posted: account.posted, held: account.held } };
  }

  private async moveFunds(ledger: Ledger, { id, account: label, amount, direction }: FundsOperation): Promise<Answer> {
    const { account, created } = await ledger.moveFunds({
      id: this.idOf(id),
      account: this.nameOf(label),
      amount,
      direction: direction === 'in' ? FundsDirection.In : FundsDirection.Out,
      reference: 'a program',
    });
    return { status: created ? 201 : 200, account: { posted: account.posted, held: account.held } };
  }

  private async putTransfer(ledger: Ledger, operation: PutOperation): Promise<Answer> {
    const { id, authorized, rejection, by } = operation;
    const request = {
      content: this.contentOf(id, operation.content),
      authorized,
      rejection: rejection === null ? null : { message: rejection },
    };
    const { transfer, created } = await ledger.putTransfer(request, this.principalOf(by));
    return { status: created ? 201 : 200, transfer: storedTransferOf(transfer) };
  }

  private async fulfil(ledger: Ledger, { id, fulfillment, by }: FulfilOperation): Promise<Answer> {
    const text = FULFILLMENTS.get(fulfillment)!;
    const kept = await ledger.fulfilTransfer(this.idOf(id), text, this.principalOf(by));
    return { status: 200, fulfillment: FULFILLMENT_NAMES.get(kept) ?? kept };
  }

  private async reject(ledger: Ledger, { id, reason, by }: RejectOperation): Promise<Answer> {
    const transfer = await ledger.rejectTransfer(this.idOf(id), { message: reason }, this.principalOf(by));
    return { status: 200, transfer: storedTransferOf(transfer) };
  }

  private async putCharges(ledger: Ledger, { id, charges }: ChargesOperation): Promise<Answer> {
    const outcome = await ledger.putCharges(
      this.idOf(id),
      charges.map((charge) => this.chargeOf(charge)),
    );
    const kept = outcome.charges.map((charge) => this.modelChargeOf(charge));
    return { status: outcome.created ? 201 : 200, charges: kept };
  }

  private contentOf(label: string, { from, to, amount, lock, cancelLock, expiresAt, memo }: Content): TransferContent {
    return {
      id: this.idOf(label),
      debitAccount: this.nameOf(from),
      creditAccount: this.nameOf(to),
      amount,
      debitMemo: null,
      creditMemo: memo === null ? null : { memo },
      additionalInfo: null,
      executionCondition: conditionTextOf(lock),
      cancellationCondition: conditionTextOf(cancelLock),
      expiresAt: expiresAt === null ? null : new Date(this.startedAt + expiresAt),
    };
  }

  /** Reverse of `contentOf`. */
  modelContentOf(transfer: TransferContent): Content {
    const { debitAccount, creditAccount, amount, executionCondition, cancellationCondition, creditMemo } = transfer;
    return {
      from: this.labelOf(debitAccount),
      to: this.labelOf(creditAccount),
      amount,
      lock: lockOf(executionCondition),
      cancelLock: lockOf(cancellationCondition),
      expiresAt: transfer.expiresAt === null ? null : transfer.expiresAt.getTime() - this.startedAt,
      memo: (creditMemo?.['memo'] as string | undefined) ?? null,
    };
  }

  modelChargeOf({ debitAccount, creditAccount, amount, kind }: Charge): ModelCharge {
    return { from: this.labelOf(debitAccount), to: this.labelOf(creditAccount), amount, kind };
  }

  private chargeOf({ from, to, amount, kind }: ModelCharge): Charge {
    return {
      debitAccount: this.nameOf(from),
      creditAccount: this.nameOf(to),
      amount,
      kind: kind === 'fee' ? ChargeKind.Fee : ChargeKind.Commission,
    };
  }

  private principalOf(by: string): Principal {
    if (by === 'admin') return ADMIN;
    if (by === 'authorizer') return { ...ownerOf(by), rights: [Right.Authorize] };
    if (by === 'fulfiller') return { ...ownerOf(by), rights: [Right.Fulfil] };
    if (by === 'rejecter') return { ...ownerOf(by), rights: [Right.Reject] };
    return ownerOf(this.nameOf(by));
  }
}

export function storedTransferOf(
  transfer: Pick<Transfer, 'state' | 'rejectionReason' | 'fulfillment'>,
): StoredTransfer {
  const { state, rejectionReason, fulfillment } = transfer;
  return {
    state,
    reason: rejectionReason,
    fulfillment: fulfillment === null ? null : (FULFILLMENT_NAMES.get(fulfillment) ?? fulfillment),
  };
}

function lockOf(condition: string | null): string | null {
  return LOCKS.find((lock) => conditionTextOf(lock) === condition) ?? null;
}

function conditionTextOf(lock: string | null): string | null {
  if (lock === null) return null;
  const [secret, spelling] = lock.split('/') as [string, 'ni' | 'cc'];
  return conditionOf(PREIMAGES.get(secret)!, spelling);
}
