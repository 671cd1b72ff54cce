import { Injectable } from '@nestjs/common';
import { takeFrom } from '@level-one/platform';
import { TransferErrorCode, transferError, type TransferContent } from '@level-one/transfer';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Principal } from '../principal.js';

/** Largest JSON text of a message's data. */
export const MESSAGE_BYTES_MAX = 16 * 1024;
/** Messages that one account sends in a minute. */
const MESSAGES_PER_MINUTE = 6_000;
/** Largest JSON text of a proposal's memos together; what is prepared is bound by each memo's own limit. */
export const PROPOSAL_BYTES_MAX = 8 * 1024;
/** Proposals that one account makes in a day. */
const PROPOSALS_PER_DAY = 1_000;

/** What each account may make the ledger store without money behind it. Counted by each instance for itself. */
@Injectable()
export class AccountAllowances {
  private readonly messages = new RateLimiterMemory({ points: MESSAGES_PER_MINUTE, duration: 60 });
  private readonly proposals = new RateLimiterMemory({ points: PROPOSALS_PER_DAY, duration: 86_400 });

  /** @throws ContractError 413 PayloadTooLargeError, 429 TooManyRequestsError */
  async takeMessage({ name }: Principal, data: object): Promise<void> {
    assertBytes(data, MESSAGE_BYTES_MAX, 'The data of a message');
    await takeFrom(this.messages, name);
  }

  /** Administrators and roles are not counted. @throws ContractError 413 PayloadTooLargeError, 429 TooManyRequestsError */
  async takeProposal({ name, isAdmin, rights }: Principal, content: TransferContent): Promise<void> {
    const { debitMemo, creditMemo, additionalInfo } = content;
    assertBytes([debitMemo, creditMemo, additionalInfo], PROPOSAL_BYTES_MAX, 'What is added to a proposal');
    if (!isAdmin && rights.length === 0) await takeFrom(this.proposals, name);
  }
}

function assertBytes(value: object, max: number, what: string): void {
  if (Buffer.byteLength(JSON.stringify(value)) <= max) return;
  throw transferError(TransferErrorCode.PayloadTooLarge, { message: `${what} has at most ${max} bytes` });
}
