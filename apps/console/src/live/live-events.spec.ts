import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { GracefulStop } from '@level-one/platform';
import { Subject } from 'rxjs';
import type { ShownSpanDto } from '../shared/span.dto.js';
import type { SpansService } from '../traces/spans.service.js';
import { LiveEvents } from './live-events.js';

describe('the events for who watches', () => {
  let added: Subject<readonly ShownSpanDto[]>;
  let live: LiveEvents;

  beforeEach(() => {
    jest.useFakeTimers();
    added = new Subject();
    const stop = { whenStopping: () => undefined } as unknown as GracefulStop;
    live = new LiveEvents({ added$: added } as unknown as SpansService, stop);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const watcher = (name: string, may = () => true) => ({ name, mayWatch: async () => may() });

  it('end when a watcher may not watch any more, and go on for others', async () => {
    let isUser = true;
    const ended: string[] = [];
    live.watch(watcher('vera', () => isUser)).subscribe({ complete: () => ended.push('vera') });
    live.watch(watcher('olaf')).subscribe({ complete: () => ended.push('olaf') });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(ended).toEqual([]);
    isUser = false;
    await jest.advanceTimersByTimeAsync(20_000);
    expect(ended).toEqual(['vera']);
    expect(live.isWatched).toBe(true);
  });

  it('are texts, so that what waits for a page that does not read is counted', () => {
    const seen: object[] = [];
    live.watch(watcher('vera')).subscribe((event) => seen.push(event));
    added.next([{ spanId: 'a' } as ShownSpanDto]);
    expect(seen).toEqual([{ type: 'span', data: '{"spanId":"a"}' }]);
  });

  it('are for so many pages of one user, and not for all places', () => {
    const pages = Array.from({ length: 40 }, () => live.watch(watcher('vera')).subscribe());
    expect(() => live.watch(watcher('vera'))).toThrow('Too many pages watch the network');
    expect(() => live.watch(watcher('olaf'))).not.toThrow('Too many pages');
    pages[0]!.unsubscribe();
    expect(() => live.watch(watcher('vera'))).not.toThrow('Too many pages');
    for (const page of pages) page.unsubscribe();
    expect(live.isWatched).toBe(false);
  });
});
