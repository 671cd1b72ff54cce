import type { DataSource } from 'typeorm';
import { microsSql, timeOfSql } from './time-cursor.js';

/** A state that a row does not keep: who ends it, how and when. All SQL is over one row of `table`. */
export interface OpenState {
  /** What the row is, as `payment`. */
  kind: string;
  /** The state, as `prepared`. */
  state: string;
  table: string;
  /** SQL condition that an index of open rows answers. */
  where: string;
  /** SQL of the row's id as text. */
  id: string;
  /** SQL of the time since when it is open. */
  since: string;
  /** SQL of the time after which it is overdue; absent while people, or another row, decide when it ends. */
  due?: string;
  /** Who ends it: the background work of the role, or people. */
  owner: string;
  /** How it ends, in words. */
  ends: string;
  /** After how long at most, in words with names of settings. */
  atMost: string;
}

/** How many rows are in one open state. */
export interface OpenCount {
  state: OpenState;
  count: number;
  overdue: number;
  /** Since when the oldest one is open; null without rows. */
  oldest: Date | null;
}

/** A row in an open state. */
export interface OpenRow {
  state: OpenState;
  id: string;
  since: Date;
  /** Null while people, or another row, decide. */
  due: Date | null;
  isOverdue: boolean;
  /** For the page after it. */
  cursor: string;
}

export interface OpenQuery {
  kind: string;
  /** Only rows that are overdue. */
  onlyOverdue: boolean;
  limit: number;
  /** Cursor of the last row of the page before. */
  after?: string | undefined;
}

interface CountRow {
  count: number;
  overdue: number;
  oldest: Date | null;
}

interface StateRow {
  position: number;
  id: string;
  since: Date;
  due: Date | null;
  overdue: boolean;
  micros: string;
}

/** Form of a cursor: time in microseconds, point, id. */
export const OPEN_CURSOR = /^\d{1,17}\..{1,300}$/;

/** Reads what is open in a role's database, by the database's clock. */
export class OpenStates {
  constructor(
    private readonly dataSource: DataSource,
    readonly states: readonly OpenState[],
  ) {}

  /** Every open state with the number of its rows. */
  async countOpen(): Promise<OpenCount[]> {
    const counts: OpenCount[] = [];
    for (const state of this.states) {
      const [row] = await this.dataSource.query<CountRow[]>(
        `SELECT count(*)::int AS count, count(*) FILTER (WHERE ${dueOf(state)} <= clock_timestamp())::int AS overdue,
           min(${state.since}) AS oldest
         FROM ${state.table} WHERE ${state.where}`,
      );
      counts.push({ state, ...row! });
    }
    return counts;
  }

  /** A page of open rows of one kind, the oldest first. */
  async listOpen({ kind, onlyOverdue, limit, after }: OpenQuery): Promise<OpenRow[]> {
    const open = this.states.flatMap((state, position) =>
      state.kind === kind
        ? `SELECT ${position} AS position, ${state.id} AS id, ${state.since} AS since, ${dueOf(state)} AS due
           FROM ${state.table} WHERE ${state.where}`
        : [],
    );
    if (open.length === 0) return [];
    const [micros = '0', ...id] = (after ?? '0.').split('.');
    const rows = await this.dataSource.query<StateRow[]>(
      `SELECT position, id, since, due, coalesce(due <= clock_timestamp(), false) AS overdue, ${microsSql('since')} AS micros
       FROM (${open.join(' UNION ALL ')}) open
       WHERE (since, id) > (${timeOfSql('$1')}, $2) AND (NOT $3 OR due <= clock_timestamp())
       ORDER BY since, id LIMIT $4`,
      [micros, id.join('.'), onlyOverdue, limit],
    );
    return rows.map((row) => ({
      state: this.states[row.position]!,
      id: row.id,
      since: row.since,
      due: row.due,
      isOverdue: row.overdue,
      cursor: `${row.micros}.${row.id}`,
    }));
  }
}

function dueOf({ due }: OpenState): string {
  return due ?? 'NULL::timestamptz';
}
