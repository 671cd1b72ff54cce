import { ConditionError, decodePacket, PacketError, packetFromText, parseCondition } from '@level-one/ilp';
import type { IprReplyDto } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { answeredAmount } from './amounts.js';

/** What the payee's SPSP server offered, checked: another DFSP wrote it. */
export interface PaymentOffer {
  name: string;
  destinationAccount: string;
  /** ILP address with the payment's token. */
  address: string;
  /** Minor units. */
  amount: bigint;
  expiresAt: Date;
  condition: string;
  /** ILP packet, base64url. */
  packet: string;
}

const TEXT_LENGTH_MAX = 1_024;
const PACKET_LENGTH_MAX = 44_000;

function unusable(problem: string, cause?: unknown): Error {
  return commonError(CommonErrorId.External, {
    message: `The answer of the payee's side is of no use: ${problem}`,
    cause,
  });
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
  const amount = answeredAmount(reply.destinationAmount ?? reply.amount, scale, "The payee's side");
  if (amount !== packetAmount) throw unusable('its amounts differ');
  if (reply.address !== undefined && reply.address !== address) throw unusable('its addresses differ');
  const expiresAt = new Date(textOf(reply.expiresAt ?? reply.expires_at));
  if (Number.isNaN(expiresAt.getTime())) throw unusable('it has no expiry');
  return {
    name: textOf(reply.name),
    destinationAccount: textOf(reply.destinationAccount),
    address,
    amount,
    expiresAt: expiresAt > latest ? latest : expiresAt,
    condition: checkedCondition(textOf(reply.execution_condition ?? reply.condition)),
    packet,
  };
}
