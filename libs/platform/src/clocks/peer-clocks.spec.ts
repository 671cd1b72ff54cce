import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PeerClocks } from './peer-clocks.js';

const ORIGIN = 'http://10.0.0.1:3012';
const NOON = Date.parse('2026-11-29T12:00:00.000Z');

describe('ruling 42: clocks of peers', () => {
  const logger = { warn: jest.fn(), info: jest.fn() };
  let own = NOON;
  let clocks: PeerClocks;

  beforeEach(() => {
    own = NOON;
    logger.warn.mockClear();
    logger.info.mockClear();
    clocks = new PeerClocks(2_000, logger, () => own);
  });

  /** An answer of a peer whose clock is ahead by `skewMs`, `atMs` after noon. */
  function hear(skewMs: number, atMs: number, tripMs = 20): void {
    own = NOON + atMs + tripMs;
    const peer = Math.floor((NOON + atMs + tripMs / 2 + skewMs) / 1_000) * 1_000;
    clocks.hear(ORIGIN, 'central-ledger', {
      date: new Date(peer).toUTCString(),
      sentAt: NOON + atMs,
      receivedAt: own,
    });
  }

  const hearMany = (skewMs: number, fromMs = 0): void => {
    for (let atMs = fromMs; atMs < fromMs + 3_000; atMs += 130) hear(skewMs, atMs);
  };

  it.each([0, 900, -900, 1_900, -1_900])('says nothing about %i ms', (skewMs) => {
    hearMany(skewMs);
    expect(clocks.notes).toEqual([]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it.each([
    [30_000, 'the clock of central-ledger is 30 s ahead of the one here'],
    [-30_000, 'the clock of central-ledger is 30 s behind the one here'],
    [2_400, 'the clock of central-ledger is 2.4 s ahead of the one here'],
    [-2_400, 'the clock of central-ledger is 2.4 s behind the one here'],
  ])('names %i ms, and logs it once', (skewMs, sentence) => {
    hearMany(skewMs);
    expect(clocks.notes).toEqual([sentence]);
    expect(clocks.noteOf(ORIGIN)).toBe(sentence);
    expect(clocks.noteOf('http://10.0.0.2')).toBeUndefined();
    expect(logger.warn.mock.calls.map(([fields]) => fields)).toEqual([{ address: ORIGIN }]);
  });

  it('takes it back when the clock is right again, and logs that once', () => {
    hearMany(30_000);
    hearMany(0, 5_000);
    expect(clocks.notes).toEqual([]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.info).toHaveBeenCalledTimes(1);
    expect(logger.info.mock.calls[0]![1]).toBe('the clock of central-ledger agrees with the one here again');
  });

  it('concludes nothing from an answer that took long, none from an answer without a time', () => {
    hear(0, 0, 75_000);
    clocks.hear(ORIGIN, 'central-ledger', { date: undefined, sentAt: NOON, receivedAt: NOON });
    clocks.hear(ORIGIN, 'central-ledger', { date: 'yesterday', sentAt: NOON, receivedAt: NOON });
    expect(clocks.notes).toEqual([]);
  });

  it('measures what is surely so, of the instance of a role that is most off', () => {
    hear(1_400, 0);
    expect(clocks.skews.get('central-ledger')).toBeGreaterThanOrEqual(0);
    hearMany(1_400);
    expect(clocks.skews.get('central-ledger')).toBeGreaterThan(1_200);
    expect(clocks.skews.get('central-ledger')).toBeLessThanOrEqual(1_400);
    const at = { sentAt: own, receivedAt: own };
    clocks.hear('http://10.0.0.2:3012', 'central-ledger', { date: new Date(own - 9_000).toUTCString(), ...at });
    expect(clocks.skews.get('central-ledger')).toBeLessThanOrEqual(-8_000);
  });

  it('forgets a peer that no longer answers', () => {
    hearMany(30_000);
    own += 11 * 60_000;
    expect(clocks.notes).toEqual([]);
    expect(clocks.skews.size).toBe(0);
  });
});
