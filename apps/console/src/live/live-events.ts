import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CommonErrorId, commonError, GracefulStop } from '@level-one/platform';
import { Observable, Subject } from 'rxjs';
import { SpansService } from '../traces/spans.service.js';

/** People who watch at once. */
const WATCHERS_MAX = 200;

/** One event of the live stream. */
export interface LiveEvent {
  type: 'span' | 'balances' | 'payment';
  data: object;
}

/** Events for everybody who watches the network. */
@Injectable()
export class LiveEvents implements OnApplicationShutdown {
  private readonly events = new Subject<LiveEvent>();
  private readonly begins = new Subject<void>();
  /** Somebody begins to watch. */
  readonly begins$ = this.begins.asObservable();
  private watchers = 0;

  constructor(spans: SpansService, stop: GracefulStop) {
    spans.added$.subscribe((added) => {
      if (this.isWatched) for (const span of added) this.events.next({ type: 'span', data: span });
    });
    // A stream has no end of its own, so a stop would wait for it.
    stop.whenStopping(() => this.events.complete());
  }

  onApplicationShutdown(): void {
    this.events.complete();
  }

  get isWatched(): boolean {
    return this.watchers > 0;
  }

  send(event: LiveEvent): void {
    this.events.next(event);
  }

  /** The events from now on. @throws ContractError 503 ServiceUnavailableError if too many watch */
  watch(): Observable<LiveEvent> {
    if (this.watchers >= WATCHERS_MAX) {
      throw commonError(CommonErrorId.ServiceUnavailable, { message: 'Too many pages watch the network' });
    }
    return new Observable((watcher) => {
      this.watchers += 1;
      const events = this.events.subscribe(watcher);
      this.begins.next();
      return () => {
        this.watchers -= 1;
        events.unsubscribe();
      };
    });
  }
}
