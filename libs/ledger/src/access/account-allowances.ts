import { takeFrom } from '@level-one/platform';
import { TransferErrorCode, transferError, type TransferContent } from '@level-one/transfer';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Principal } from '../rules/principal.js';

/** Maximum size of a message's data as JSON, in bytes. */
export const MESSAGE_BYTES_MAX = 16 * 1024;
/**
 * KiB of messages that one account may send per minute; each message counts in whole KiB, rounded up. Every subscriber
 * of the addressee reads it again. Connectors have more, because they ask each other for a quote of every payment.
 */
const MESSAGE_KIB_PER_MINUTE = 6_000;
const MESSAGE_KIB_PER_MINUTE_OF_CUSTOMER = 240;
/**
 * Length of the window in which requests and messages are counted: short, so that a burst passes and a wait is short.
 */
const WINDOW_S = 10;
/**
 * Maximum size of a proposal's memos and `additional_info` together as JSON, in bytes. Prepared transfers have a limit
 * per memo instead.
 */
export const PROPOSAL_BYTES_MAX = 8 * 1024;
/** Proposals that one account may make per day. */
const PROPOSALS_PER_DAY = 1_000;

/** Limits of what an account may ask of the ledger without money behind it. Each instance counts for itself. */
export class AccountAllowances {
  private readonly messages = messageLimiter(MESSAGE_KIB_PER_MINUTE);
  private readonly messagesOfCustomers = messageLimiter(MESSAGE_KIB_PER_MINUTE_OF_CUSTOMER);
  private readonly requests: RateLimiterMemory;
  private readonly proposals = new RateLimiterMemory({ points: PROPOSALS_PER_DAY, duration: 86_400 });

  constructor(requestsPerCustomer: number) {
    this.requests = new RateLimiterMemory({ points: requestsPerCustomer * WINDOW_S, duration: WINDOW_S });
  }

  /** Only customers' accounts without direct use are counted. @throws ContractError 429 TooManyRequestsError */
  async takeRequest(caller: Principal): Promise<void> {
    if (caller.isCustomer && !caller.hasDirectUse) await takeFrom(this.requests, caller.name);
  }

  /** @throws ContractError 413 PayloadTooLargeError, 429 TooManyRequestsError */
  async takeMessage(caller: Principal, data: object): Promise<void> {
    const bytes = assertBytes(data, MESSAGE_BYTES_MAX, 'The data of a message');
    const limiter = caller.isCustomer ? this.messagesOfCustomers : this.messages;
    await takeFrom(limiter, caller.name, Math.ceil(bytes / 1024));
  }

  /** Administrators and roles are not counted. @throws ContractError 413 PayloadTooLargeError, 429 TooManyRequestsError */
  async takeProposal({ name, isAdmin, rights }: Principal, content: TransferContent): Promise<void> {
    const { debitMemo, creditMemo, additionalInfo } = content;
    assertBytes([debitMemo, creditMemo, additionalInfo], PROPOSAL_BYTES_MAX, 'The memos of a proposal together');
    if (!isAdmin && rights.length === 0) await takeFrom(this.proposals, name);
  }
}

function messageLimiter(kibPerMinute: number): RateLimiterMemory {
  return new RateLimiterMemory({ points: (kibPerMinute * WINDOW_S) / 60, duration: WINDOW_S });
}

/** @returns the size of the value as JSON, in bytes. @throws ContractError 413 PayloadTooLargeError */
function assertBytes(value: object, max: number, what: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= max) return bytes;
  throw transferError(TransferErrorCode.PayloadTooLarge, { message: `${what} must not exceed ${max} bytes of JSON` });
}
