import { cutText } from '@level-one/errors';
import {
  ConditionError,
  decodePacket,
  type IlpErrorCode,
  type IlpPacket,
  PacketError,
  packetFromText,
  type RejectionMessage,
  rejectionMessage,
  sameCondition,
} from '@level-one/ilp';

import { findAmount } from '@level-one/money';
import { accountNameOf, type WireTransfer } from '@level-one/peers';
import type { IssuedPayment } from '../issuing/store/issued-payment.entity.js';

/** A conditional transfer, as the ledger reports it. */
export interface IncomingTransfer {
  /** UUID in lower case. */
  id: string;
  /** Name of the account it credits. */
  creditAccount: string;
  /** Minor units; undefined when it cannot be read. */
  amount: bigint | undefined;
  /** ILP packet, base64url; empty without a packet. */
  packet: string;
  condition: string;
  expiresAt: Date;
}

/** Why a transfer is not taken. */
export interface Refusal {
  code: IlpErrorCode;
  /** The matching HTTP error: `{ id, message }` and what else its body had. */
  error: { id: string; message: string; [extra: string]: unknown };
}

/** Largest rejection a ledger takes (contract 3.5). */
const REJECTION_BYTES_MAX = 2_048;
const MESSAGE_LENGTH_MAX = 256;
/** Amounts of other ledgers may have more digits; it is enough to see that they differ. */
const PRECISION = 20;

/** Reads a transfer; undefined when it is no conditional one: nothing is left to be decided about it. */
export function readIncomingTransfer(id: string, resource: object, scale: number): IncomingTransfer | undefined {
  const { credits, execution_condition: condition, expires_at } = resource as WireTransfer;
  const credit = credits?.[0];
  const packet = credit?.memo?.['ilp'];
  const creditAccount = accountNameOf(credit?.account);
  const expiresAt = new Date(expires_at ?? Number.NaN);
  const isConditional = typeof condition === 'string' && !Number.isNaN(expiresAt.getTime());
  if (!isConditional || creditAccount === undefined) return undefined;
  return {
    id,
    creditAccount,
    amount: findAmount(credit?.amount, { scale, precision: PRECISION }),
    packet: typeof packet === 'string' ? packet : '',
    condition,
    expiresAt,
  };
}

/** Content of a packet; undefined if it cannot be read. */
function contentOf(packet: string): IlpPacket | undefined {
  try {
    return decodePacket(packetFromText(packet));
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}

/** The address in a packet; undefined when it cannot be read. */
export function addressOf(packet: string): string | undefined {
  return contentOf(packet)?.address;
}

function samePacket(a: string, b: string): boolean {
  try {
    return packetFromText(a).equals(packetFromText(b));
  } catch (error) {
    if (error instanceof PacketError) return false;
    throw error;
  }
}

function isSameCondition(a: string, b: string): boolean {
  try {
    return sameCondition(a, b);
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}

function refusal(code: IlpErrorCode, id: string, message: string): Refusal {
  return { code, error: { id, message } };
}

/** Whether a transfer carries the very packet and condition that were issued; undefined when it does. */
export function forgeryOf(transfer: IncomingTransfer, issued: IssuedPayment): Refusal | undefined {
  if (!samePacket(transfer.packet, issued.packet)) {
    return refusal('F01', 'UnprocessableEntityError', 'The ILP packet is not the one that was issued');
  }
  if (!isSameCondition(transfer.condition, issued.condition)) {
    return refusal('F05', 'UnmetConditionError', 'The condition is not the one that was issued');
  }
  return undefined;
}

/** An amount that cannot be compared with anything is not the right one. */
export function unreadable({ amount }: IncomingTransfer): Refusal | undefined {
  if (amount !== undefined) return undefined;
  return refusal('F03', 'UnprocessableEntityError', 'The amount of the transfer cannot be read');
}

/**
 * Whether a transfer is exactly what was issued; undefined when it is (contract 3.8, receiver verification). What a
 * connector notes of the transfer before it (`source_transfer_amount`) counts for nothing.
 */
export function mismatchOf(transfer: IncomingTransfer, issued: IssuedPayment | null): Refusal | undefined {
  if (!issued) return refusal('F06', 'QuoteNotFoundError', 'Nobody asked for this payment or set it up');
  const promised = contentOf(transfer.packet)?.amount ?? issued.amount;
  if (transfer.amount !== issued.amount || promised !== issued.amount) {
    return refusal('F03', 'UnprocessableEntityError', 'The amount is not the one that was set up');
  }
  const forgery = forgeryOf(transfer, issued);
  if (forgery?.code === 'F01') return forgery;
  if (transfer.creditAccount !== issued.account) {
    return refusal('F06', 'UnprocessableEntityError', "The account is not the payee's");
  }
  return forgery;
}

/** The reason why an arriving transfer is rejected; undefined when the DFSP may be asked whether it takes it. */
export function refusalOf(transfer: IncomingTransfer, issued: IssuedPayment | null, now: Date): Refusal | undefined {
  const mismatch = mismatchOf(transfer, issued);
  if (mismatch) return mismatch;
  if (issued && issued.expiresAt <= now) {
    return refusal('R00', 'ExpiredTransferError', 'The time of this payment is over');
  }
  return undefined;
}

const CODES_OF_ERRORS: Record<string, IlpErrorCode> = {
  QuoteNotFoundError: 'F06',
  QuoteExpiredError: 'R00',
  QuoteMismatchError: 'F06',
  QuoteUsedError: 'F06',
  ExpiredTransferError: 'R00',
};

/** Refusal that the payee's DFSP answered for a transfer (contract 5.4 and R1). */
export function refusalOfDfsp(error: Refusal['error']): Refusal {
  const code = isOfAmount(error) ? 'F03' : (CODES_OF_ERRORS[error.id] ?? 'F99');
  return { code, error };
}

/** Whether the amount is among the differences from the quote. */
function isOfAmount({ id, params }: Refusal['error']): boolean {
  const fields = Array.isArray(params) ? (params as { field?: unknown }[]).map((param) => param?.field) : [];
  return id === 'QuoteMismatchError' && fields.some((field) => field === 'amount' || field === 'sourceAmount');
}

/** Body of the rejection (contract 3.5), within the size that ledgers take. */
export function rejectionOf({ code, error }: Refusal, triggeredBy: string, triggeredAt: Date): RejectionMessage {
  const message = cutText(error.message, MESSAGE_LENGTH_MAX);
  const short = { id: cutText(error.id, MESSAGE_LENGTH_MAX), message };
  const build = (additionalInfo: Record<string, unknown>): RejectionMessage =>
    rejectionMessage({ code, message, triggeredBy, triggeredAt, additionalInfo });
  const whole = build({ ...error, ...short });
  return Buffer.byteLength(JSON.stringify(whole)) <= REJECTION_BYTES_MAX ? whole : build(short);
}
