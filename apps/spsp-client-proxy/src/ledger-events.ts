import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LedgerSubscriber, MemoryCursorStore, measureSubscriptions, type Notification } from '@level-one/notifications';
import { LedgerClient, PeerHttp } from '@level-one/peers';
import { Health, RoleLogger, RoleMetrics } from '@level-one/platform';
import { OwnPayments } from './own-payments.js';

/**
 * Subscribes to the DFSP's own ledger adapter, and logs executed payments (V.H). No answer to a payer waits for it, so
 * events that are missed while the proxy is down are not fetched later.
 */
@Injectable()
export class SpspClientProxyLedgerEvents implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscriber: LedgerSubscriber;

  constructor(
    private readonly http: PeerHttp,
    private readonly ownPayments: OwnPayments,
    private readonly logger: RoleLogger,
    private readonly ledger: LedgerClient,
    health: Health,
    metrics: RoleMetrics,
  ) {
    this.subscriber = new LedgerSubscriber({
      name: 'ledger-adapter',
      ...ledger.websocket,
      accounts: 'all',
      cursor: new MemoryCursorStore(),
      handle: async (notification) => this.onNotification(notification),
      logger,
    });
    measureSubscriptions(metrics, [this.subscriber]);
    health.registerCheck('notifications of the ledger adapter', () => this.subscriber.assertLive());
  }

  onApplicationBootstrap(): void {
    this.subscriber.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscriber.close();
  }

  private onNotification({ event, transferId, resource }: Notification): void {
    const isExecution = event === 'transfer.update' && resource['state'] === 'executed';
    if (!isExecution || transferId === undefined || !this.ownPayments.hasPayment(transferId)) return;
    this.http.received('V.H', this.ledger.websocketUrl);
    this.logger.info({ paymentId: transferId }, 'payment executed');
  }
}
