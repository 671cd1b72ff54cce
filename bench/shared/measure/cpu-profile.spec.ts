import { describe, expect, it } from '@jest/globals';
import { selfTimes } from './cpu-profile.mjs';

const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

describe('selfTimes', () => {
  it('adds up a function with several callers, and leaves idle time out', () => {
    const profile = {
      nodes: [
        node(1, '(root)', ''),
        node(2, 'parse', 'file:///project/node_modules/@nestjs/core/router.js'),
        node(3, 'parse', 'file:///project/node_modules/@nestjs/core/router.js'),
        node(4, 'writev', ''),
        node(5, '(idle)', ''),
        node(6, 'decide', 'file:///project/dist/libs/ledger/src/books/books.js'),
      ],
      samples: [2, 3, 4, 5, 6, 1],
      timeDeltas: [0, 1_000, 2_000, 500, 4_000, 250],
    };
    const times = selfTimes(profile, '/project');
    expect(times).toMatchObject({ idleMs: 4, busyMs: 3.75 });
    expect(times.functions).toEqual([
      { name: 'parse', place: 'node_modules/@nestjs/core/router.js', ms: 3 },
      { name: 'writev', place: '', ms: 0.5 },
      { name: 'decide', place: 'dist/libs/ledger/src/books/books.js', ms: 0.25 },
    ]);
    expect(times.packages).toEqual([
      { key: '@nestjs/core', ms: 3 },
      { key: '(native code)', ms: 0.5 },
      { key: 'libs/ledger', ms: 0.25 },
    ]);
  });
});
