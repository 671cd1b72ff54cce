import type { DataSource } from 'typeorm';

/** What an entry of a timeline is: a change of a row, an event of a ledger, an attempt, or background work. */
export const TIMELINE_KINDS = ['state', 'ledgerEvent', 'retry', 'sweep'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** Something that happened to a payment. */
export interface TimelineEntry {
  at: Date;
  kind: TimelineKind;
  /** What it happened to, as {@link TimelineSource.of}. */
  of: string;
  /** What happened, in words. */
  what: string;
  /** State after it, of the row with this `id`. */
  state: string | null;
  id: string | null;
  /** Accounts, amounts, errors, in words. */
  detail: string | null;
}

/** A time that a row keeps. All members are SQL over `row`. */
export interface RowTime {
  /** Null: it has not happened. */
  at: string;
  kind?: string;
  what: string;
  state?: string;
  detail?: string;
  /** A list that each row has: one entry for each of its `item`s. */
  each?: string;
}

/** Rows that belong to a payment, and the times that they keep. */
export interface TimelineSource {
  /** What the rows are, as `payment`. */
  of: string;
  /** `SELECT` of the rows of the payment `$1`. */
  rows: string;
  /** SQL of the row's id. */
  id: string;
  /** In the order of the flow, which decides between equal times. */
  times: readonly RowTime[];
}

/** Entries that are read elsewhere than in the own database. */
export interface TimelineReader {
  /** What is read, as `transfer at the own ledger`. */
  of: string;
  /** @throws if it cannot be read */
  readEntries(paymentId: string): Promise<TimelineEntry[]>;
}

/** All that is known of a payment, in order. */
export interface Timeline {
  entries: TimelineEntry[];
  /** What could not be read. */
  missing: { of: string; error: unknown }[];
}

/** The entries of a timeline, at most. */
const ENTRIES_MAX = 1_000;

/** Text as SQL. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL that says a state in words. */
export function sqlWords(state: string, words: Readonly<Record<string, string>>): string {
  const cases = Object.entries(words).map(([name, text]) => `WHEN ${sqlText(name)} THEN ${sqlText(text)}`);
  return `CASE ${state} ${cases.join(' ')} ELSE ${state} END`;
}

/** SQL of an amount in minor units as decimal text. */
export function sqlAmount(minor: string, scale: number): string {
  return `round(${minor}::numeric / ${10 ** scale}, ${scale})::text`;
}

/** Times of rows with `state_times`. */
export interface StateTimesOptions {
  /** Name of the column. */
  state: string;
  /** What each state means. */
  words: Readonly<Record<string, string>>;
  /** Column of the time since when the row is. */
  since?: string;
  /** Column of the time of its end, for rows from before `state_times`. */
  ended?: string;
  /** SQL of what is said with its first state. */
  detail?: string;
  /** SQL of what is said with its last state. */
  endDetail?: string;
  /** What an attempt is, if the rows keep attempts. */
  attempt?: { kind: TimelineKind; what: string };
  /**
   * For rows that expire by themselves, whenever that is noted: column of the time, and SQL that says whether a row still
   * waits for it.
   */
  expiry?: { column: string; isOpen: string };
}

/** State of a row whose time is over. */
const EXPIRED = 'expired';

/** When a row came, and each of its changes. */
export function stateTimes(options: StateTimesOptions): RowTime[] {
  const { state, words, since, ended, detail, endDetail = 'NULL', attempt, expiry } = options;
  const first = `coalesce(row.state_times -> 0 ->> 'from', CASE WHEN row.state_times IS NULL THEN row.${state} END)`;
  const isAttempt = `item ->> 'from' IS NOT DISTINCT FROM item ->> 'to'`;
  const tried = `concat_ws(', ', 'attempt ' || (item ->> 'attempts'), 'last error ' || (item ->> 'error'))`;
  const isLast = `item ->> 'to' = row.${state} AND item = row.state_times -> -1`;
  const to = `item ->> 'to'`;
  const changedAt = `(item ->> 'at')::timestamptz`;
  const begun: RowTime[] = since
    ? [{ at: `row.${since}`, what: sqlWords(first, words), state: first, ...(detail && { detail }) }]
    : [];
  const changes: RowTime = {
    each: `jsonb_array_elements(row.state_times)`,
    at: expiry
      ? `CASE WHEN ${to} = '${EXPIRED}' THEN least(${changedAt}, row.${expiry.column}) ELSE ${changedAt} END`
      : changedAt,
    kind: attempt ? `CASE WHEN ${isAttempt} THEN ${sqlText(attempt.kind)} ELSE 'state' END` : `'state'`,
    what: attempt
      ? `CASE WHEN ${isAttempt} THEN ${sqlText(attempt.what)} ELSE ${sqlWords(to, words)} END`
      : sqlWords(to, words),
    state: to,
    detail: attempt
      ? `CASE WHEN ${isAttempt} OR item ->> 'error' IS NOT NULL THEN ${tried} WHEN ${isLast} THEN ${endDetail} END`
      : `CASE WHEN ${isLast} THEN ${endDetail} END`,
  };
  const end: RowTime[] = ended
    ? [
        {
          at: `CASE WHEN row.state_times IS NULL THEN row.${ended} END`,
          what: sqlWords(`row.${state}`, words),
          state: `row.${state}`,
          detail: endDetail,
        },
      ]
    : [];
  return [...begun, changes, ...end, ...(expiry ? [expiryOf(expiry, words)] : [])];
}

/** The end of a row whose time is over and that is not marked as expired yet. */
function expiryOf({ column, isOpen }: { column: string; isOpen: string }, words: StateTimesOptions['words']): RowTime {
  return {
    at: `CASE WHEN ${isOpen} AND row.${column} <= now() THEN row.${column} END`,
    what: sqlText(words[EXPIRED] ?? EXPIRED),
    state: sqlText(EXPIRED),
  };
}

/** Reads what a role keeps of a payment. */
export class Timelines {
  private readonly sql: string;
  private readonly readers: TimelineReader[] = [];

  constructor(
    private readonly dataSource: DataSource,
    sources: readonly TimelineSource[],
  ) {
    this.sql = `
      SELECT at, kind, "of", what, state, id, detail FROM (${sources.map(sqlOf).join(' UNION ALL ')}) AS entry
      ORDER BY at, position, step LIMIT ${ENTRIES_MAX}`;
  }

  /** Adds what is read elsewhere. */
  addReader(reader: TimelineReader): void {
    this.readers.push(reader);
  }

  /** Everything that is kept of a payment, the oldest first. @param paymentId UUID in lower case */
  async readTimeline(paymentId: string): Promise<Timeline> {
    const missing: Timeline['missing'] = [];
    const read = await Promise.all([
      this.dataSource.query<TimelineEntry[]>(this.sql, [paymentId]),
      ...this.readers.map((reader) =>
        reader.readEntries(paymentId).catch((error: unknown) => {
          missing.push({ of: reader.of, error });
          return [];
        }),
      ),
    ]);
    return { entries: read.flat().toSorted((a, b) => a.at.getTime() - b.at.getTime()), missing };
  }
}

function sqlOf({ of, rows, id, times }: TimelineSource, index: number): string {
  const selects = times.map(({ at, kind = `'state'`, what, state, detail, each }, place) => {
    const columns = `${at} AS at, ${kind} AS kind, ${what} AS what, (${state ?? 'NULL'})::text AS state,
      (${detail ?? 'NULL'})::text AS detail, ${index * 100 + place} AS position`;
    return each
      ? `SELECT ${columns}, step FROM ${each} WITH ORDINALITY AS items (item, step)`
      : `SELECT ${columns}, 0::bigint AS step`;
  });
  return `
    SELECT moment.at, moment.kind, ${sqlText(of)} AS "of", moment.what, moment.state, (${id})::text AS id, moment.detail, moment.position,
      moment.step
    FROM (${rows}) AS row CROSS JOIN LATERAL (${selects.join(' UNION ALL ')}) AS moment WHERE moment.at IS NOT NULL`;
}
