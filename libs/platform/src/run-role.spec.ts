import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { stopOnSignal } from './run-role.js';

type Signal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

describe('a process that is to stop', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** What a process does with signals, and how it ends. */
  function watched() {
    const handlers = new Map<unknown, () => void>();
    jest.spyOn(process, 'on').mockImplementation((name, handler) => {
      handlers.set(name, handler as () => void);
      return process;
    });
    const ends: unknown[] = [];
    jest.spyOn(process, 'exit').mockImplementation((code) => ends.push(code) as never);
    let stopped = (): void => undefined;
    const stop = jest.fn(() => new Promise<void>((resolve) => (stopped = resolve)));
    stopOnSignal(stop, 60_000);
    return {
      stop,
      ends,
      send: (signal: Signal) => handlers.get(signal)!(),
      end: async () => {
        stopped();
        await stop.mock.results[0]!.value;
      },
    };
  }

  it.each<Signal>(['SIGINT', 'SIGTERM', 'SIGHUP'])('stops in order on %s', async (signal) => {
    const { stop, ends, send, end } = watched();
    send(signal);
    expect([stop.mock.calls.length, ends]).toEqual([1, []]);
    await end();
    expect(ends).toEqual([0]);
  });

  it('ends at once on a second signal, but not because its terminal was closed', () => {
    const { stop, ends, send } = watched();
    send('SIGHUP');
    send('SIGHUP');
    expect([stop.mock.calls.length, ends]).toEqual([1, []]);
    send('SIGTERM');
    expect(ends).toEqual([1]);
  });
});
