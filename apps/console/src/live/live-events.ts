import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CommonErrorId, commonError, GracefulStop } from '@level-one/platform';
import { Observable, Subject } from 'rxjs';
import { SpansService } from '../traces/spans.service.js';

/** Pages that watch at once, in all and of one user. */
const WATCHERS_MAX = 200;
const OF_USER_MAX = 40;
/** After so long at most a stream ends whose watcher may not look any more. */
const CHECKED_EVERY_MS = 20_000;

/** One event of the live stream. */
export interface LiveEvent {
  type: 'span' | 'balances' | 'payment';
  data: object;
}

/** The same with its JSON text: made once for all who watch, and counted where somebody does not read. */
interface SentEvent {
  type: string;
  data: string;
}

/** Who watches. */
export interface Watcher {
  name: string;
  /** Whether he still may: sessions end, and users are deleted. */
  mayWatch(): Promise<boolean>;
}

/** Events for everybody who watches the network. */
@Injectable()
export class LiveEvents implements OnApplicationShutdown {
  private readonly events = new Subject<SentEvent>();
  private readonly begins = new Subject<void>();
  /** Somebody begins to watch. */
  readonly begins$ = this.begins.asObservable();
  /** Number of pages of each user that watches. */
  private readonly watchers = new Map<string, number>();

  constructor(spans: SpansService, stop: GracefulStop) {
    spans.added$.subscribe((added) => {
      if (this.isWatched) for (const span of added) this.send({ type: 'span', data: span });
    });
    // A stream has no end of its own, so a stop would wait for it.
    stop.whenStopping(() => this.events.complete());
  }

  onApplicationShutdown(): void {
    this.events.complete();
  }

  get isWatched(): boolean {
    return this.watchers.size > 0;
  }

  send({ type, data }: LiveEvent): void {
    this.events.next({ type, data: JSON.stringify(data) });
  }

  /** The events from now on. @throws ContractError 503 ServiceUnavailableError if too many watch */
  watch(watcher: Watcher): Observable<SentEvent> {
    const { name } = watcher;
    const all = [...this.watchers.values()].reduce((sum, pages) => sum + pages, 0);
    if (all >= WATCHERS_MAX || this.pagesOf(name) >= OF_USER_MAX) {
      throw commonError(CommonErrorId.ServiceUnavailable, { message: 'Too many pages watch the network' });
    }
    return new Observable((page) => {
      this.watchers.set(name, this.pagesOf(name) + 1);
      const events = this.events.subscribe(page);
      const check = setInterval(() => {
        watcher.mayWatch().then(
          (may) => !may && page.complete(),
          () => page.complete(),
        );
      }, CHECKED_EVERY_MS);
      this.begins.next();
      return () => {
        clearInterval(check);
        if (this.pagesOf(name) > 1) this.watchers.set(name, this.pagesOf(name) - 1);
        else this.watchers.delete(name);
        events.unsubscribe();
      };
    });
  }

  private pagesOf(name: string): number {
    return this.watchers.get(name) ?? 0;
  }
}
