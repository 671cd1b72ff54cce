import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { SpansService } from '../traces/spans.service.js';
import type { ShownSpanDto } from '../shared/span.dto.js';
import { LiveEvents } from './live-events.js';

/** States are read so long after something happened to a payment. */
const PAUSE_MS = 300;
/** Payments whose states are read at once; under more load the states of others are not sent. */
const PAYMENTS_MAX = 20;
const SENT_MAX = 1_000;

/** Sends the states of payments to those who watch, when they change. */
@Injectable()
export class LivePayments implements OnApplicationShutdown {
  private readonly touched = new Set<string>();
  private readonly sent = new Map<string, string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly live: LiveEvents,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    spans: SpansService,
  ) {
    spans.added$.subscribe((added) => this.touch(added));
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private touch(spans: readonly ShownSpanDto[]): void {
    if (!this.live.isWatched) return;
    for (const { paymentId } of spans) {
      if (paymentId !== null && this.touched.size < PAYMENTS_MAX) this.touched.add(paymentId);
    }
    if (this.touched.size === 0 || this.timer) return;
    this.timer = setTimeout(() => {
      const payments = [...this.touched];
      this.touched.clear();
      void Promise.all(payments.map((id) => this.sendState(id))).finally(() => {
        this.timer = undefined;
        this.touch([]);
      });
    }, PAUSE_MS);
    this.timer.unref();
  }

  private async sendState(paymentId: string): Promise<void> {
    const apis = this.network.rolesOfKind('dfsp-api');
    const states = await Promise.all(
      apis.map((api) =>
        this.http.find<{ state: string }>(api, `/payments/${paymentId}`).then(
          (found) => found?.state,
          () => undefined,
        ),
      ),
    );
    const state = states.find((one) => one !== undefined && one !== 'pending') ?? states.find((one) => one);
    if (state === undefined || this.sent.get(paymentId) === state) return;
    this.sent.set(paymentId, state);
    const [oldest] = this.sent.keys();
    if (this.sent.size > SENT_MAX && oldest !== undefined) this.sent.delete(oldest);
    this.live.send({ type: 'payment', data: { paymentId, state } });
  }
}
