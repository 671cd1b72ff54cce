import { formatAmount } from '@level-one/money';
import { UUID } from '@level-one/transfer';
import type { BookedTransfer, ClaimEnd, LedgerUnit, TransferEnd } from './books-reader.js';
import { BOOKS_ADVICE, BooksFindingKind, type Finding, UNKNOWN_ADVICE } from './findings.js';

/** What is compared: an account of a connector on one ledger. */
export interface Books {
  readUnit(): Promise<LedgerUnit>;
  /** The newest first. */
  listTransfers(range: { from: string | undefined; to: string }): AsyncIterable<BookedTransfer>;
  findTransfer(id: string): Promise<TransferEnd>;
  findClaim(id: string): Promise<ClaimEnd | undefined>;
}

/** A DFSP's connector: its account on the DFSP's own ledger, and the DFSP's account at the centre. */
export interface ConnectorBooks {
  dfsp: string;
  own: Books;
  central: Books;
}

/** Sums of the transfers that both ledgers have executed, in minor units. */
export interface BooksSummary {
  transfers: number;
  own: bigint;
  central: bigint;
}

type Side = 'own' | 'central';

interface Unmatched extends BookedTransfer {
  side: Side;
}

/** How long after one ledger the other one usually executes. What takes longer is looked up by its id. */
const HORIZON_MS = 5 * 60_000;
/** A connector paid and was not paid. */
const LOSSES: ReadonlySet<BooksFindingKind> = new Set([
  BooksFindingKind.PayersConnectorLoses,
  BooksFindingKind.PayeesConnectorLoses,
]);
/** Most transfers that wait in memory for the other ledger's. */
const WAITING_MAX = 10_000;

/**
 * Compares what a connector got and paid on its two ledgers: every transfer of a payment that one ledger executed must
 * be executed on the other one, with the opposite sign. Both statements are read at the same pace, the newest first, so
 * that few transfers wait in memory; a transfer without a match is looked up by its id.
 */
export class BooksComparison {
  readonly summary: BooksSummary = { transfers: 0, own: 0n, central: 0n };
  private readonly waiting = new Map<string, Unmatched>();

  constructor(
    private readonly books: ConnectorBooks,
    private readonly range: { from: string | undefined; to: string },
  ) {}

  async *compare(): AsyncGenerator<Finding> {
    const own = this.books.own.listTransfers(this.range)[Symbol.asyncIterator]();
    const central = this.books.central.listTransfers(this.range)[Symbol.asyncIterator]();
    let [ownNext, centralNext] = [await own.next(), await central.next()];
    while (!ownNext.done || !centralNext.done) {
      const takesOwn = !ownNext.done && (centralNext.done || ownNext.value.bookedAt >= centralNext.value.bookedAt);
      const transfer = (takesOwn ? ownNext.value : centralNext.value) as BookedTransfer;
      yield* this.take({ ...transfer, side: takesOwn ? 'own' : 'central' });
      yield* this.lookUpThoseAfter(transfer.bookedAt + HORIZON_MS, WAITING_MAX);
      if (takesOwn) ownNext = await own.next();
      else centralNext = await central.next();
    }
    yield* this.lookUpThoseAfter(-Infinity, 0);
  }

  private async *take(transfer: Unmatched): AsyncGenerator<Finding> {
    const other = this.waiting.get(transfer.id);
    if (!other || other.side === transfer.side) {
      this.waiting.set(transfer.id, transfer);
      return;
    }
    this.waiting.delete(transfer.id);
    const [own, central] = transfer.side === 'own' ? [transfer, other] : [other, transfer];
    this.summary.transfers += 1;
    this.summary.own += own.amount;
    this.summary.central += central.amount;
    const kind = await this.amountFinding(own.amount, central.amount);
    if (kind) yield await this.findingOf(kind, own, central.amount, 'executed');
  }

  /** Looks up the waiting transfers that were booked later than a time, and as many more that `most` are left. */
  private async *lookUpThoseAfter(time: number, most: number): AsyncGenerator<Finding> {
    for (const transfer of this.waiting.values()) {
      if (this.waiting.size <= most && transfer.bookedAt <= time) return;
      this.waiting.delete(transfer.id);
      const finding = await this.lookUp(transfer);
      if (finding) yield finding;
    }
  }

  private async lookUp(transfer: Unmatched): Promise<Finding | undefined> {
    const { state, amount } = await this.books[otherSideOf(transfer)].findTransfer(transfer.id);
    if (state === 'executed') {
      // Executed much earlier or later; the sign follows from the transfer that is known.
      const signed = transfer.amount > 0n ? -(amount ?? 0n) : (amount ?? 0n);
      const [own, central] = transfer.side === 'own' ? [transfer.amount, signed] : [signed, transfer.amount];
      const kind = await this.amountFinding(own, central);
      return kind && this.findingOf(kind, transfer, signed, state);
    }
    const kind = kindOf(transfer, state);
    if (LOSSES.has(kind)) return this.lossOf(kind, transfer, state);
    if (state === 'unknown' && (await this.paysClaim(transfer))) return undefined;
    return this.findingOf(kind, transfer, undefined, state);
  }

  /** What a connector paid and was not paid: even again once its claim is paid. */
  private async lossOf(kind: BooksFindingKind, transfer: Unmatched, state: string): Promise<Finding | undefined> {
    const claim = await this.books[otherSideOf(transfer)].findClaim(transfer.id);
    if (!claim) return this.findingOf(kind, transfer, undefined, state);
    if (claim.state === 'booked') return undefined;
    const claimed = claim.state === 'refused' ? BooksFindingKind.ClaimRefused : BooksFindingKind.ClaimWaits;
    const told = claim.reason === undefined ? claim.state : `${claim.state}: ${claim.reason}`;
    const finding = await this.findingOf(claimed, transfer, undefined, state);
    return { ...finding, found: `${finding.found}; claimed there, ${told}` };
  }

  /** Whether a transfer paid a claim of the connector, as the ledger's claim confirms. */
  private async paysClaim({ side, id }: Unmatched): Promise<boolean> {
    const { paidClaim } = await this.books[side].findTransfer(id);
    if (paidClaim === undefined || !UUID.test(paidClaim)) return false;
    const claim = await this.books[side].findClaim(paidClaim);
    return claim?.booking === id;
  }

  /** A connector never pays more than it gets. Amounts of different units are not compared. */
  private async amountFinding(own: bigint, central: bigint): Promise<BooksFindingKind | undefined> {
    const [ownUnit, centralUnit] = [await this.books.own.readUnit(), await this.books.central.readUnit()];
    if (own > 0n === central > 0n) return BooksFindingKind.AmountsDiffer;
    const isOneUnit = ownUnit.currency === centralUnit.currency && ownUnit.scale === centralUnit.scale;
    return isOneUnit && own + central < 0n ? BooksFindingKind.AmountsDiffer : undefined;
  }

  private async findingOf(
    kind: BooksFindingKind,
    transfer: Unmatched,
    other: bigint | undefined,
    state: string,
  ): Promise<Finding> {
    const { dfsp } = this.books;
    const unit = await this.books[transfer.side].readUnit();
    const told = (amount: bigint): string => `${formatAmount(amount, unit.scale)} ${unit.currency}`;
    const places = { own: `the ledger of ${dfsp}`, central: 'the central ledger' };
    const otherPlace = places[otherSideOf(transfer)];
    return {
      kind,
      isOpen: kind === BooksFindingKind.TransferUnderWay || kind === BooksFindingKind.ClaimWaits,
      dfsp,
      paymentId: transfer.id,
      subject: `connector of ${dfsp}`,
      found: `executed on ${places[transfer.side]} (${told(transfer.amount)}), ${state} on ${otherPlace}${other === undefined ? '' : ` (${told(other)})`}`,
      ageS: Math.max(0, Math.round((Date.parse(this.range.to) - transfer.bookedAt) / 1_000)),
      ...(state === 'unknown' ? UNKNOWN_ADVICE : BOOKS_ADVICE[kind]),
    };
  }
}

function otherSideOf({ side }: Unmatched): Side {
  return side === 'own' ? 'central' : 'own';
}

/** Which transfer of a payment is executed while the one beside it is not. */
function kindOf({ side, amount }: Unmatched, state: string): BooksFindingKind {
  const isPayersSide = side === 'own' ? amount > 0n : amount < 0n;
  if (isPayersSide && side === 'own') return BooksFindingKind.PaidByPayerOnly;
  if (!isPayersSide && side === 'central') return BooksFindingKind.NotPaidToPayee;
  if (state === 'prepared') return BooksFindingKind.TransferUnderWay;
  return isPayersSide ? BooksFindingKind.PayersConnectorLoses : BooksFindingKind.PayeesConnectorLoses;
}
