import {
  ConditionError,
  decodePacket,
  PacketError,
  packetFromText,
  parseCondition,
  parseTimestamp,
} from '@level-one/ilp';
import { findAmount } from '@level-one/money';
import type { IprReplyDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Offer of the payee's SPSP server, checked because another DFSP wrote it. */
export interface PaymentOffer {
  name: string;
  destinationAccount: string;
  /** ILP address with the payment's token. */
  address: string;
  /** Minor units of the payee's ledger. */
  amount: bigint;
  /** Decimals of one of them. */
  scale: number;
  expiresAt: Date;
  condition: string;
  /** ILP packet, base64url. */
  packet: string;
}

const TEXT_LENGTH_MAX = 1_024;
/** Of a packet's amount. */
const DIGITS_MAX = 20;
const PACKET_LENGTH_MAX = 44_000;

function unusable(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, {
    message: `The answer of the payee's side is of no use: ${problem}`,
    cause,
  });
}

/**
 * Decimals of the payee's ledger: those with which the amount says the same as the packet; undefined when none do. Its
 * ledger prints all its decimals, an older peer perhaps not all of those of a ledger like the own one.
 */
function scaleOf(amount: unknown, packetAmount: bigint, ownScale: number): number | undefined {
  if (typeof amount !== 'string' && typeof amount !== 'number') return undefined;
  const printed = /\.(\d{1,9})$/.exec(String(amount))?.[1]?.length ?? 0;
  return [ownScale, printed].find((scale) => isAmount(amount, packetAmount, scale));
}

function isAmount(value: unknown, expected: bigint, scale: number): boolean {
  return findAmount(value, { scale, precision: DIGITS_MAX }) === expected;
}

function textOf(value: unknown, lengthMax = TEXT_LENGTH_MAX): string {
  return typeof value === 'string' && value.length <= lengthMax ? value : '';
}

function checkedCondition(condition: string): string {
  try {
    parseCondition(condition);
    return condition;
  } catch (error) {
    if (error instanceof ConditionError) throw unusable('its condition cannot be read', error);
    throw error;
  }
}

function packetIn(text: string) {
  try {
    return decodePacket(packetFromText(text));
  } catch (error) {
    if (error instanceof PacketError) throw unusable('its packet cannot be read', error);
    throw error;
  }
}

/**
 * Reads the answer to hop S.C in either of its spellings; packet, amount and address must say the same.
 * It expires no later than `latest`: until then the payer's money may be held.
 * @throws ContractError 502 ExternalError.
 */
export function readIprReply(reply: Partial<IprReplyDto> | undefined, scale: number, latest: Date): PaymentOffer {
  if (typeof reply !== 'object' || reply === null) throw unusable('it is empty');
  const packet = textOf(reply.additionalHeaders ?? reply.additional_headers, PACKET_LENGTH_MAX);
  const { amount: packetAmount, address } = packetIn(packet);
  const payeeScale = scaleOf(reply.destinationAmount ?? reply.amount, packetAmount, scale);
  if (payeeScale === undefined) throw unusable('its amounts differ');
  if (reply.address !== undefined && reply.address !== address) throw unusable('its addresses differ');
  const expiresAt = parseTimestamp(reply.expiresAt ?? reply.expires_at);
  if (!expiresAt) throw unusable('it has no expiry');
  return {
    name: textOf(reply.name),
    destinationAccount: textOf(reply.destinationAccount),
    address,
    amount: packetAmount,
    scale: payeeScale,
    expiresAt: expiresAt > latest ? latest : expiresAt,
    condition: checkedCondition(textOf(reply.execution_condition ?? reply.condition)),
    packet,
  };
}
