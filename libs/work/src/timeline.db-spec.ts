import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { forgetStateTimesOf, keepStateTimesOf } from './state-times.js';
import { stateTimes, type TimelineEntry, Timelines, type TimelineSource } from './timeline.js';

const TABLE = { table: 'letters', state: 'status', attempts: 'attempts', error: 'last_error' };
const LETTERS: TimelineSource = {
  of: 'letter',
  rows: 'SELECT * FROM letters WHERE payment_id = $1',
  id: 'row.number',
  times: stateTimes({
    state: 'status',
    since: 'written_at',
    ended: 'ended_at',
    words: { written: "It's written", sent: 'It is sent' },
    endDetail: `'at the end'`,
    attempt: { kind: 'retry', what: 'Tried again' },
  }),
};

describe('a timeline', () => {
  let database: TestDatabase;
  let source: DataSource;
  let paymentId: string;

  const run = (sql: string, ...values: unknown[]): Promise<unknown> => source.query(sql, values);
  const write = (number: number, status = 'written') =>
    run(
      `INSERT INTO letters (payment_id, number, status, attempts, written_at) VALUES ($1, $2, $3, 0, '2030-01-01')`,
      paymentId,
      number,
      status,
    );
  const update = (number: number, changes: string) =>
    run(`UPDATE letters SET ${changes} WHERE payment_id = $1 AND number = $2`, paymentId, number);
  const read = async (): Promise<unknown[]> => {
    const { entries } = await new Timelines(source, [LETTERS]).readTimeline(paymentId);
    expect(entries.every(({ at }) => at instanceof Date)).toBe(true);
    return entries.map(({ kind, what, state, id, detail }) => [kind, what, state, id, detail]);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    await run(`CREATE TABLE letters (payment_id uuid, number int, status text, attempts int, last_error text,
      written_at timestamptz, ended_at timestamptz, note text)`);
  });

  beforeEach(async () => {
    paymentId = randomUUID();
    for (const statement of keepStateTimesOf(TABLE)) await run(statement);
  });

  afterEach(forget);

  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  async function forget(): Promise<void> {
    for (const statement of forgetStateTimesOf('letters')) await run(statement);
  }

  it('has each change of a row with its state and its time, and each attempt', async () => {
    await write(1);
    await update(1, `note = 'changes nothing'`);
    await update(1, `attempts = 1`);
    await update(1, `attempts = 2, last_error = 'ExternalError'`);
    await update(1, `status = 'sent', last_error = NULL`);
    await update(1, `status = 'lost'`);
    expect(await read()).toEqual([
      ['retry', 'Tried again', 'written', '1', 'attempt 1'],
      ['retry', 'Tried again', 'written', '1', 'attempt 2, last error ExternalError'],
      ['state', 'It is sent', 'sent', '1', null],
      ['state', 'lost', 'lost', '1', 'at the end'],
      ['state', "It's written", 'written', '1', null],
    ]);
  });

  it('of rows from before has what they keep: the begin and the end', async () => {
    await forget();
    await write(1, 'sent');
    await run(`UPDATE letters SET ended_at = '2030-01-02'`);
    for (const statement of keepStateTimesOf(TABLE)) await run(statement);
    expect(await read()).toEqual([
      ['state', 'It is sent', 'sent', '1', null],
      ['state', 'It is sent', 'sent', '1', 'at the end'],
    ]);
  });

  it('keeps the first change and the last ones of a row that changes for ever', async () => {
    await write(1);
    await run(`UPDATE letters SET written_at = '2000-01-01'`);
    for (let attempt = 1; attempt <= 60; attempt++) await update(1, `attempts = ${attempt}`);
    const details = (await read()).map((entry) => (entry as string[])[4]);
    expect(details).toHaveLength(41);
    expect(details.slice(0, 3)).toEqual([null, 'attempt 1', 'attempt 22']);
    expect(details.at(-1)).toBe('attempt 60');
  });

  it('has the time at which a row expired, and not when that was noted, also if it was not noted yet', async () => {
    const expiry = { column: 'ended_at', isOpen: `row.status = 'written'` };
    const words = { written: 'Written', expired: 'Its time is over' };
    const letters = { ...LETTERS, times: stateTimes({ state: 'status', words, expiry }) };
    const timelines = new Timelines(source, [letters]);
    const ends = async () => {
      const { entries } = await timelines.readTimeline(paymentId);
      return entries.flatMap(({ of, at, state }) => (state === 'expired' ? [[of, at.toISOString()]] : []));
    };
    await write(1);
    await update(1, `ended_at = '2200-01-01T00:00:00Z'`);
    expect(await ends()).toEqual([]);
    await update(1, `ended_at = '2020-01-01T00:00:00Z'`);
    const noted = [['letter', '2020-01-01T00:00:00.000Z']];
    expect(await ends()).toEqual(noted);
    await update(1, `status = 'expired'`);
    expect(await ends()).toEqual(noted);
  });

  it('has what others keep, in order, and names what cannot be read', async () => {
    const timelines = new Timelines(source, [LETTERS]);
    await write(1);
    const entry = (at: string): TimelineEntry => ({
      at: new Date(at),
      kind: 'state',
      of: 'a',
      what: at,
      state: null,
      id: null,
      detail: null,
    });
    timelines.addReader({ of: 'a', readEntries: async () => [entry('2031-01-01'), entry('2029-01-01')] });
    timelines.addReader({ of: 'b', readEntries: () => Promise.reject(new Error('away')) });
    const { entries, missing } = await timelines.readTimeline(paymentId);
    expect(entries.map(({ what }) => what)).toEqual(['2029-01-01', "It's written", '2031-01-01']);
    expect(missing).toEqual([{ of: 'b', error: new Error('away') }]);
  });
});
