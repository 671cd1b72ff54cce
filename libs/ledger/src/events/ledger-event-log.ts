import type { EventLog, LedgerEvent } from '@level-one/notifications';
import { asOfState, type LedgerUris, type Transfer, TransferState } from '@level-one/transfer';
import type { Observable } from 'rxjs';
import type { DataSource } from 'typeorm';
import { relatedResourcesOf, transferToJson } from './transfer-json.js';
import type { Message } from '../schema/event.entity.js';
import { toFiveBellsFrame } from './five-bells-frame.js';
import type { NumberedEvent, RecentEvents } from './recent-events.js';
import type { ReplayPool } from './replay-pool.js';
import { type Row, TRANSFER_COLUMNS, transferOf } from '../schema/rows.js';

type EventRow = Row<Transfer> & { sequence: string; eventId: string } & (
    { eventState: TransferState; message: null } | { eventState: null; message: Message }
  );

const COLUMNS = `
  SELECT ${TRANSFER_COLUMNS}, sequence, events.id AS "eventId", events.state AS "eventState", message
  FROM events LEFT JOIN transfers ON transfers.id = transfer_id`;

const READ = `${COLUMNS} WHERE sequence > $1 ORDER BY sequence LIMIT $2`;

/** Reads both indices from the subscriber's position on, at most one page each. */
const READ_OF_ACCOUNTS = `
  WITH found AS MATERIALIZED (
    SELECT DISTINCT one.sequence FROM unnest($3::text[]) AS account CROSS JOIN LATERAL (
      (SELECT events.sequence FROM events WHERE from_account = account AND events.sequence > $1
       ORDER BY from_account, events.sequence LIMIT $2)
      UNION ALL
      (SELECT events.sequence FROM events WHERE to_account = account AND events.sequence > $1
       ORDER BY to_account, events.sequence LIMIT $2)
    ) AS one ORDER BY one.sequence LIMIT $2
  )
  ${COLUMNS} WHERE sequence IN (SELECT found.sequence FROM found) ORDER BY sequence`;

/**
 * Maximum of accounts that are read by index. With more, which only roles may watch, the whole log is read and
 * filtered.
 */
const ACCOUNTS_BY_INDEX_MAX = 16;

/** The events of this ledger, each with its transfer in the state of that event. */
export class LedgerEventLog implements EventLog {
  constructor(
    private readonly dataSource: DataSource,
    private readonly recent: RecentEvents,
    private readonly uris: LedgerUris,
    private readonly scale: number,
    readonly wakeups: Observable<void>,
    private readonly ilpPrefix?: string,
    /** Connections for replays; by default the DataSource's. */
    private readonly replays: Pick<ReplayPool, 'query'> = dataSource,
  ) {}

  async read(after: bigint, limit: number): Promise<LedgerEvent[]> {
    const recent = this.recent.eventsAfter(after, limit);
    if (recent) return recent.map((event) => this.eventOf(event));
    const rows: EventRow[] = await this.dataSource.query(READ, [after.toString(), limit]);
    return rows.map((row) => this.eventOf(numberedEventOf(row)));
  }

  async replay(after: bigint, limit: number, accounts: ReadonlySet<string> | 'all'): Promise<LedgerEvent[]> {
    const isMeant = ({ transfer, message }: NumberedEvent): boolean =>
      accounts === 'all' || accountsOf(transfer, message).some((account) => accounts.has(account));
    const recent = this.recent.eventsAfter(after, Infinity);
    if (recent)
      return recent
        .filter(isMeant)
        .slice(0, limit)
        .map((event) => this.eventOf(event));
    const isByIndex = accounts !== 'all' && accounts.size <= ACCOUNTS_BY_INDEX_MAX;
    const [sql, more] = isByIndex ? [READ_OF_ACCOUNTS, [[...accounts]]] : [READ, []];
    const rows = await this.replays.query<EventRow>(sql, [after.toString(), limit, ...more]);
    return rows.map((row) => this.eventOf(numberedEventOf(row)));
  }

  async last(): Promise<bigint> {
    const [head]: { last_sequence: string }[] = await this.dataSource.query('SELECT last_sequence FROM ledger_head');
    return BigInt(head?.last_sequence ?? 0);
  }

  private eventOf({ sequence, id, transfer, state, message }: NumberedEvent): LedgerEvent {
    if (transfer && state) {
      return new TransferEvent(sequence, id, asOfState(transfer, state), (one) =>
        toFiveBellsFrame(one, transferToJson(one, this.uris, this.scale), this.ilpPrefix),
      );
    }
    if (message) return { sequence, id, ...this.sendingOf(message) };
    throw new Error(`Event ${id} is neither of a transfer nor of a message`);
  }

  private sendingOf({ from, to, data }: Message): Omit<LedgerEvent, 'sequence' | 'id'> {
    return {
      event: 'message.send',
      accounts: [to],
      // Older clients expect the sender in `account`.
      resource: {
        ledger: this.uris.base,
        from: this.uris.account(from),
        to: this.uris.account(to),
        account: this.uris.account(from),
        data,
      },
    };
  }
}

/** An event of a transfer. Its JSON is built only if a subscriber reads it. */
class TransferEvent implements LedgerEvent {
  readonly event: LedgerEvent['event'];
  readonly accounts: string[];

  constructor(
    readonly sequence: bigint,
    readonly id: string,
    private readonly transfer: Transfer,
    private readonly toJson: (transfer: Transfer) => Record<string, unknown>,
  ) {
    this.event = transfer.state === TransferState.Prepared ? 'transfer.create' : 'transfer.update';
    this.accounts = accountsOf(transfer, null);
  }

  get resource(): Record<string, unknown> {
    return this.toJson(this.transfer);
  }

  get relatedResources(): Record<string, string> | undefined {
    return relatedResourcesOf(this.transfer);
  }
}

function accountsOf(transfer: Transfer | null, message: Message | null): string[] {
  if (transfer) return [...new Set([transfer.debitAccount, transfer.creditAccount])];
  return message ? [message.to] : [];
}

function numberedEventOf(row: EventRow): NumberedEvent {
  const { sequence, eventId: id, eventState: state, message } = row;
  return { sequence: BigInt(sequence), id, transfer: state === null ? null : transferOf(row), state, message };
}
