import { describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { LateRows } from './late-rows.js';

interface Row {
  id: string;
  value: number;
}

/** Rows whose writes end when they are told to; 0 cannot be written. */
function late(afterMs?: number) {
  const writes: (() => void)[] = [];
  const lost: [string, unknown][] = [];
  const rows = new LateRows<Row>({
    keyOf: ({ id }) => id,
    write: ({ value }) =>
      new Promise<void>((resolve, reject) => {
        writes.push(() => (value === 0 ? reject(new Error('refused')) : resolve()));
      }),
    onLost: ({ id }, error) => lost.push([id, error]),
    ...(afterMs === undefined ? {} : { afterMs }),
  });
  return { rows, lost, writes, endWrites: () => writes.forEach((end) => end()) };
}

describe('rows that are written later', () => {
  it('are known until they are written', async () => {
    const { rows, endWrites } = late();
    rows.add({ id: 'a', value: 1 });
    expect([rows.get('a'), rows.get('b')]).toEqual([{ id: 'a', value: 1 }, undefined]);
    endWrites();
    await rows.settle();
    expect(rows.get('a')).toBeUndefined();
  });

  it('are told where they are lost, and do not hold up the others', async () => {
    const { rows, lost, endWrites } = late();
    for (const value of [0, 1]) rows.add({ id: value === 0 ? 'bad' : 'good', value });
    const settled = rows.settle();
    endWrites();
    await settled;
    expect(lost).toEqual([['bad', new Error('refused')]]);
    expect([rows.get('bad'), rows.get('good')]).toEqual([undefined, undefined]);
  });

  it('are not written where another write has what is in them, and known until it is done', async () => {
    const { rows, writes, endWrites } = late(3_600_000);
    for (const id of ['a', 'b', 'c']) rows.add({ id, value: 1 });
    let end = (): void => undefined;
    rows.supersede('a', new Promise<void>((resolve) => (end = resolve)));
    rows.supersede('b', Promise.reject(new Error('refused')));
    rows.supersede('none', Promise.resolve());
    const settled = rows.settle();
    // One that is on its way is written all the same.
    rows.supersede('c', Promise.resolve());
    expect(['a', 'c'].map((id) => rows.get(id)?.id)).toEqual(['a', 'c']);
    // The row whose other write was refused is written itself.
    await eventually(() => expect(writes).toHaveLength(2));
    endWrites();
    end();
    await settled;
    expect(rows.size).toBe(0);
  });

  it('are written when their time has come', async () => {
    const { rows, writes } = late(1);
    rows.add({ id: 'a', value: 1 });
    expect(writes).toEqual([]);
    await eventually(() => expect(writes).toHaveLength(1));
    expect(rows.get('a')).toEqual({ id: 'a', value: 1 });
  });
});
