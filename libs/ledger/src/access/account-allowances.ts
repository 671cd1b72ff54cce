import { takeFrom } from '@level-one/platform';
import { TransferErrorCode, transferError, type TransferContent } from '@level-one/transfer';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Principal } from '../rules/principal.js';

/** Largest JSON text of a message's data. */
export const MESSAGE_BYTES_MAX = 16 * 1024;
/**
 * KiB of messages, begun ones too, that one account sends in a minute: every message is read again by all who listen.
 * Connectors ask each other for quotes of every payment, customers for their own.
 */
const MESSAGE_KIB_PER_MINUTE = 6_000;
const MESSAGE_KIB_PER_MINUTE_OF_CUSTOMER = 240;
/** What is counted is counted over so many seconds: a burst is taken, and a wait is short. */
const WINDOW_S = 10;
/** Largest JSON text of a proposal's memos together; what is prepared is bound by each memo's own limit. */
export const PROPOSAL_BYTES_MAX = 8 * 1024;
/** Proposals that one account makes in a day. */
const PROPOSALS_PER_DAY = 1_000;

/** What each account may make the ledger do and store without money behind it. Counted by each instance for itself. */
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
    assertBytes([debitMemo, creditMemo, additionalInfo], PROPOSAL_BYTES_MAX, 'What is added to a proposal');
    if (!isAdmin && rights.length === 0) await takeFrom(this.proposals, name);
  }
}

function messageLimiter(kibPerMinute: number): RateLimiterMemory {
  return new RateLimiterMemory({ points: (kibPerMinute * WINDOW_S) / 60, duration: WINDOW_S });
}

/** @returns how many bytes its JSON text has. */
function assertBytes(value: object, max: number, what: string): number {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes <= max) return bytes;
  throw transferError(TransferErrorCode.PayloadTooLarge, { message: `${what} has at most ${max} bytes` });
}
