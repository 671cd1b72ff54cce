import { ContractError, cutText } from '@level-one/errors';
import { decodePacket, type IlpErrorCode, type IlpPacket, PacketError, packetFromText } from '@level-one/ilp';
import { formatAmount, readAmount } from '@level-one/money';
import type { WireTransfer } from '@level-one/peers';
import { isRefusal } from '@level-one/work';
import { ConnectorErrorId, connectorError } from '../ledgers/connector-errors.js';
import type { Exchange, LedgerUnit } from '../ledgers/exchange.js';
import type { Route, Routes } from '../ledgers/routes.js';

/** ILP code for a refusal of the next ledger. */
const CODES: Record<string, IlpErrorCode> = {
  InsufficientFundsError: 'T04',
  ExpiredTransferError: 'R02',
  LedgerNotConnectedError: 'T00',
};

/** As a ledger says that an account is below its floor; that a net debit cap is reached it says otherwise. */
const POOR = 'Sender has insufficient funds.';
const OWNER_LENGTH_MAX = 64;

/** Longest reason that is told on, in characters: every ledger has to take it, whatever bytes a character has. */
const MESSAGE_LENGTH_MAX = 256;

/** Why a transfer is not forwarded. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: IlpErrorCode,
    message: string,
    /** The matching HTTP error of the contract. */
    readonly info: { id: string; message: string },
  ) {
    super(message);
  }
}

export interface ForwardingTerms {
  routes: Routes;
  exchange: Exchange;
  /** Whether every DFSP trades one to one in one currency, so that an amount means the same on all ledgers. */
  isOneToOne: boolean;
  minMessageWindowMs: number;
  maxHoldTimeMs: number;
  /** How far the clocks of those who set and judge an expiry may be apart. */
  clockToleranceMs: number;
}

/** Transfer for the next ledger, without its URIs. */
export interface NextTransfer {
  creditAccount: string;
  amount: string;
  condition: string;
  expiresAt: Date;
  /** ILP packet, base64url, as it came. */
  packet: string;
}

function refusalOf(code: IlpErrorCode, error: ContractError): Refusal {
  return new Refusal(code, error.message, { id: error.id, message: error.message });
}

function packetOf(transfer: WireTransfer): { packet: IlpPacket; packetText: string } {
  const packetText = transfer.credits[0]?.memo?.['ilp'];
  try {
    if (typeof packetText !== 'string') throw new PacketError('the transfer carries no ILP packet');
    return { packet: decodePacket(packetFromText(packetText)), packetText };
  } catch (error) {
    const message = `Invalid ILP packet: ${(error as Error).message}`;
    throw new Refusal('F01', message, { id: 'InvalidPacketError', message });
  }
}

function amountOf(transfer: WireTransfer, { scale, precision }: LedgerUnit): bigint {
  return readAmount(transfer.credits[0]?.amount, { scale, precision }, ({ message }) =>
    refusalOf('F03', connectorError(ConnectorErrorId.UnacceptableAmount, { message })),
  );
}

/**
 * One message window earlier than the source, and not held for too long (contract 3.8). The time at which the source's
 * ledger prepared it is the measure, not this connector's clock, which may be wrong: so every instance decides the same.
 * Whether it is too late meanwhile, the next ledger says by its own clock.
 */
function expiryOf(transfer: WireTransfer, terms: ForwardingTerms, now: Date): Date {
  const { minMessageWindowMs, maxHoldTimeMs, clockToleranceMs } = terms;
  const expiresAt = new Date(Date.parse(transfer.expires_at ?? '') - minMessageWindowMs);
  const preparedAt = Date.parse(transfer.timeline?.['prepared_at'] ?? '') || now.getTime();
  const holdMs = expiresAt.getTime() - preparedAt;
  if (holdMs > maxHoldTimeMs + clockToleranceMs) {
    const message =
      `Money would be held for ${holdMs / 1_000} s, and this connector allows ${maxHoldTimeMs / 1_000} s; ` +
      'a clock may be wrong';
    throw refusalOf('F00', connectorError(ConnectorErrorId.UnacceptableExpiry, { message }));
  }
  if (!(holdMs > 0)) {
    const message = 'Too little time is left for the next ledger';
    throw refusalOf('R02', connectorError(ConnectorErrorId.UnacceptableExpiry, { message }));
  }
  return expiresAt;
}

/** The refusal of an address that this connector does not deliver to. */
export function unreachable(address: string): Refusal {
  const message = `No payments are delivered to ${address}`;
  return refusalOf('F02', connectorError(ConnectorErrorId.AssetsNotTraded, { message }));
}

function routeTo(address: string, routes: Routes): Route {
  try {
    return routes.routeTo(address);
  } catch (error) {
    // A route that is not known yet may be known before it is too late.
    if (!(error instanceof ContractError) || !routes.areComplete) throw error;
    throw refusalOf(error.status === 503 ? 'T01' : 'F02', error);
  }
}

/** A source that its sender can cancel is refused: the sender could keep the money and the payee be paid as well. */
function assertIrrevocable({ cancellation_condition: condition }: WireTransfer): void {
  if (condition === undefined || condition === null) return;
  const message = 'A transfer that can be cancelled is not forwarded';
  throw new Refusal('F00', message, { id: 'UnprocessableEntityError', message });
}

function readSource(transfer: WireTransfer, unit: LedgerUnit) {
  assertIrrevocable(transfer);
  const { packet, packetText } = packetOf(transfer);
  return { packet, packetText, amount: amountOf(transfer, unit), condition: transfer.execution_condition ?? '' };
}

/** The amount that comes in must cover the packet's amount; both in minor units of the payee's ledger. */
function assertCovers(worth: bigint, promised: bigint): void {
  if (worth < promised) throw refusalOf('F03', connectorError(ConnectorErrorId.UnacceptableRate));
}

/**
 * T1 on the own ledger becomes T2 on the central one, at this connector's rate. Between currencies only the payee's
 * connector can tell whether that covers the packet's amount. @throws Refusal
 */
export function towardsCentre(transfer: WireTransfer, terms: ForwardingTerms, now: Date): NextTransfer {
  const { exchange } = terms;
  const { packet, packetText, amount, condition } = readSource(transfer, exchange.own);
  const route = routeTo(packet.address, terms.routes);
  if (terms.isOneToOne) assertCovers(amount, packet.amount);
  return {
    creditAccount: route.centralAccount,
    amount: formatAmount(centralAmount(amount, exchange), exchange.central.scale),
    condition,
    expiresAt: expiryOf(transfer, terms, now),
    packet: packetText,
  };
}

function centralAmount(own: bigint, exchange: Exchange): bigint {
  const central = exchange.toCentral(own);
  const isAmount = central > 0n && central < 10n ** BigInt(exchange.central.precision);
  if (!isAmount) throw refusalOf('F03', connectorError(ConnectorErrorId.UnacceptableAmount));
  return central;
}

/**
 * T2 on the central ledger becomes T3 on the own one, with the packet's amount (row 31). Where amounts mean the same on
 * all ledgers, a connector keeps nothing: what comes in beyond that is passed on too, and the payee's DFSP refuses it.
 * @throws Refusal
 */
export function towardsPayee(transfer: WireTransfer, terms: ForwardingTerms, now: Date): NextTransfer {
  const { exchange } = terms;
  const { packet, packetText, amount, condition } = readSource(transfer, exchange.central);
  const account = terms.routes.ownAccount(packet.address);
  if (account === undefined) throw unreachable(packet.address);
  const worth = exchange.fromCentral(amount);
  assertCovers(worth, packet.amount);
  const delivered = terms.isOneToOne ? worth : packet.amount;
  return {
    creditAccount: account,
    amount: formatAmount(delivered, exchange.own.scale),
    condition,
    expiresAt: expiryOf(transfer, terms, now),
    packet: packetText,
  };
}

/** How an error of the next ledger is told to the one before; undefined for what may pass. */
export function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!isRefusal(error)) return undefined;
  const reason = cutText(error.message, MESSAGE_LENGTH_MAX);
  const message = `destination transfer failed: ${reason}`;
  return new Refusal(CODES[error.id] ?? 'F99', message, { id: error.id, message: reasonWithOwner(error, reason) });
}

/** Whose account has too little: on the next ledger it is a DFSP's or a connector's, and the payer is not to be blamed. */
function reasonWithOwner({ id, extras }: ContractError, reason: string): string {
  const { owner } = extras;
  if (id !== 'InsufficientFundsError' || typeof owner !== 'string' || !reason.startsWith(POOR)) return reason;
  return `${POOR} Account \`${cutText(owner, OWNER_LENGTH_MAX)}\``;
}
