import { amountInMinorUnits } from './amounts.js';
import type { AccountPlace, RecordsReader } from './places.js';

const ENTRIES_PER_PAGE = 500;

/** A transfer as one account's statement shows it. */
export interface BookedTransfer {
  id: string;
  /** Minor units; below zero if the account paid. */
  amount: bigint;
  /** Unix time in ms. */
  bookedAt: number;
}

/** What a ledger says of a transfer that has no entry; `unknown` if it has no such transfer. */
export interface TransferEnd {
  state: string;
  /** Expiry, Unix time in ms. */
  expiresAt: number | undefined;
  /** Minor units. */
  amount: bigint | undefined;
  /** The transfer whose late claim it paid. */
  paidClaim?: string | undefined;
}

/** A late claim, as its ledger tells it to the account that made it. */
export interface ClaimEnd {
  state: 'waiting' | 'approved' | 'booked' | 'refused';
  /** Why it was refused. */
  reason?: string | undefined;
  /** Id of the transfer that paid it. */
  booking?: string | undefined;
}

export interface LedgerUnit {
  currency: string;
  scale: number;
}

interface StatementPage {
  entries: { transfer: string; kind: string; amount: string; booked_at: string }[];
  next: string | null;
}

/** One account of one ledger. */
export class BooksReader {
  private unit: LedgerUnit | undefined;

  private readonly reader: RecordsReader;
  readonly account: string;

  constructor({ reader, account }: AccountPlace) {
    this.reader = reader;
    this.account = account;
  }

  async readUnit(): Promise<LedgerUnit> {
    if (!this.unit) {
      const { currency_code: currency, scale } = await this.reader.read<{ currency_code: string; scale: number }>('/');
      this.unit = { currency, scale };
    }
    return this.unit;
  }

  /** Executed transfers of the account, the newest first, a page at a time. */
  async *listTransfers({ from, to }: { from: string | undefined; to: string }): AsyncGenerator<BookedTransfer> {
    const { scale } = await this.readUnit();
    const query = new URLSearchParams({ limit: String(ENTRIES_PER_PAGE), to, ...(from !== undefined && { from }) });
    const path = `/accounts/${encodeURIComponent(this.account)}/entries`;
    for (let search: string | undefined = `?${query.toString()}`; search !== undefined;) {
      const page: StatementPage = await this.reader.read(path + search);
      for (const { transfer, kind, amount, booked_at: bookedAt } of page.entries) {
        if (kind !== 'transfer') continue;
        yield { id: idOf(transfer), amount: amountInMinorUnits(amount, scale), bookedAt: Date.parse(bookedAt) };
      }
      search = page.next === null ? undefined : new URL(page.next).search;
    }
  }

  async findTransfer(id: string): Promise<TransferEnd> {
    const { scale } = await this.readUnit();
    const found = await this.reader.find<FoundTransfer>(`/transfers/${id}`);
    if (!found) return { state: 'unknown', expiresAt: undefined, amount: undefined };
    const { state, rejection_reason: reason, expires_at: expiresAt, debits, additional_info: info } = found;
    const amount = debits?.[0]?.amount;
    return {
      state: state === 'rejected' && reason === 'expired' ? 'expired' : state,
      expiresAt: expiresAt === undefined ? undefined : Date.parse(expiresAt),
      amount: amount === undefined ? undefined : amountInMinorUnits(amount, scale),
      paidClaim: info?.claim,
    };
  }

  /** The claim of a transfer; undefined if there is none. */
  async findClaim(id: string): Promise<ClaimEnd | undefined> {
    const found = await this.reader.find<ClaimEnd>(`/transfers/${id}/claims`);
    return found && { state: found.state, reason: found.reason, booking: found.booking && idOf(found.booking) };
  }
}

interface FoundTransfer {
  state: string;
  rejection_reason?: string;
  expires_at?: string;
  debits?: { amount: string }[];
  additional_info?: { claim?: string };
}

function idOf(uri: string): string {
  return uri.split('/').at(-1)!;
}
