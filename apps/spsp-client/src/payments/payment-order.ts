import {
  ConditionError,
  decodePacket,
  isIlpAddress,
  packetFromText,
  parseCondition,
  parseTimestamp,
} from '@level-one/ilp';
import { givenAmount } from '@level-one/platform';
import { invalidBody } from '@level-one/errors';
import { type AmountUnit, formatAmount } from '@level-one/money';
import { accountNameOf, type PaymentRequestDto, requestFingerprint, type SetupResponseDto } from '@level-one/peers';
import { destinationAmount as wantedAmount, withDecimals } from '../quotes/amounts.js';
import type { PaymentDetails } from './store/payment.entity.js';

/** Payment as ordered: the echo of a setup, which the payer's side may have changed. */
export interface PaymentOrder {
  sourceAccount: string;
  /** Most that may leave the payer's account, minor units. */
  sourceAmount: bigint;
  /** Shortest decimal text, of the payee's ledger. */
  destinationAmount: string;
  /** ILP address, where the order says one. */
  address: string | undefined;
  destinationAccount: string | undefined;
  expiresAt: Date;
  condition: string;
  /** ILP packet, base64url. */
  packet: string;
  details: PaymentDetails;
}

function isWellFormed(condition: string): boolean {
  try {
    parseCondition(condition);
    return true;
  } catch (error) {
    return error instanceof ConditionError && error.reason === 'unsupported';
  }
}

/** The seed's spelling wins over the other one; whether it is right the payee judges (N44). */
function conditionIn({ condition, execution_condition }: PaymentRequestDto): string {
  const given = execution_condition ?? condition;
  if (given === undefined) throw invalidBody('PaymentRequest', 'execution_condition', 'must be given');
  // An order that no ledger can read must not use up the payment's id.
  if (!isWellFormed(given))
    throw invalidBody('PaymentRequest', 'execution_condition', 'is not a well-formed condition');
  return given;
}

/** The address in the packet, for an order that names none; the packet is otherwise not looked into (N44). */
function addressIn(packet: string): string | undefined {
  try {
    return decodePacket(packetFromText(packet)).address;
  } catch {
    return undefined;
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

/** Reads an echoed setup (row 23). @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError. */
export function echoedOrder(id: string, body: PaymentRequestDto, unit: AmountUnit): PaymentOrder {
  const condition = conditionIn(body);
  const { sourceAccount, sourceIdentifier, additionalHeaders: packet = '', destinationAccount, memo } = body;
  const address = isIlpAddress(body.address) ? body.address : addressIn(packet);
  if (address === undefined && accountNameOf(destinationAccount) === undefined) {
    throw invalidBody('PaymentRequest', 'address', 'must be an ILP address');
  }
  const sourceAmount = givenAmount(body.sourceAmount, unit);
  const destinationAmount = wantedAmount(body.destinationAmount);
  const expiresAt = parseTimestamp(body.expiresAt);
  if (!expiresAt) throw invalidBody('PaymentRequest', 'expiresAt', 'must be an ISO 8601 time with a time zone');
  return {
    sourceAccount,
    sourceAmount,
    destinationAmount,
    address,
    destinationAccount,
    expiresAt,
    condition,
    packet,
    details: withoutUndefined({
      id,
      name: body.name,
      receiver: body.receiver,
      destinationAccount,
      address: body.address,
      destinationAmount: withDecimals(destinationAmount, unit.scale),
      sourceAmount: formatAmount(sourceAmount, unit.scale),
      sourceAccount,
      expiresAt: expiresAt.toISOString(),
      data: body.data ?? (sourceIdentifier === undefined ? undefined : { senderIdentifier: sourceIdentifier }),
      additionalHeaders: packet,
      execution_condition: condition,
      condition,
      memo,
    }),
  };
}

/** The order that follows from a setup which this role did itself. */
export function orderOfSetup(setup: SetupResponseDto, body: PaymentRequestDto, unit: AmountUnit): PaymentOrder {
  const { address, destinationAccount, condition, additionalHeaders } = setup;
  return {
    sourceAccount: setup.sourceAccount,
    sourceAmount: givenAmount(setup.sourceAmount, unit),
    destinationAmount: wantedAmount(setup.destinationAmount),
    address,
    destinationAccount,
    expiresAt: new Date(setup.expiresAt),
    condition,
    packet: additionalHeaders,
    details: Object.assign({}, setup, body.memo === undefined ? {} : { memo: body.memo }),
  };
}

/** Of a request to pay: the same content under the same id is the same payment. */
export function paymentFingerprint(body: PaymentRequestDto, unit: AmountUnit): string {
  const minorUnits = (amount: string | undefined): string | undefined =>
    amount === undefined ? undefined : givenAmount(amount, unit).toString();
  const { sourceAccount, sourceAmount, destinationAmount, memo } = body;
  const wanted = destinationAmount === undefined ? undefined : wantedAmount(destinationAmount);
  const amounts = { sourceAmount: minorUnits(sourceAmount), destinationAmount: wanted };
  if (!body.isEcho()) {
    const { receiver, sourceIdentifier } = body;
    return requestFingerprint({ receiver, sourceAccount, sourceIdentifier, memo, ...amounts });
  }
  return requestFingerprint({
    sourceAccount,
    ...amounts,
    address: body.address,
    destinationAccount: body.destinationAccount,
    expiresAt: body.expiresAt === undefined ? undefined : new Date(body.expiresAt).toISOString(),
    condition: body.execution_condition ?? body.condition,
    packet: body.additionalHeaders,
  });
}
