import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DatabaseCursorStore, LedgerSubscriber, measureSubscriptions } from '@level-one/notifications';
import { LedgerClient } from '@level-one/peers';
import { Health, RoleLogger, RoleMetrics } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { IssuedPaymentsRepository } from '../issuing/store/issued-payments.repository.js';
import { IncomingPaymentsService } from './incoming-payments.service.js';

/** Follows every account of the DFSP's own ledger; what happens while this role is down is handled afterwards. */
@Injectable()
export class SpspServerLedgerEvents implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscriber: LedgerSubscriber;

  constructor(
    ledger: LedgerClient,
    incoming: IncomingPaymentsService,
    private readonly issued: IssuedPaymentsRepository,
    dataSource: DataSource,
    logger: RoleLogger,
    health: Health,
    metrics: RoleMetrics,
  ) {
    this.subscriber = new LedgerSubscriber({
      name: 'ledger-adapter',
      ...ledger.websocket,
      accounts: 'all',
      cursor: new DatabaseCursorStore(dataSource, 'ledger-adapter'),
      handle: (notification, signal) => incoming.onNotification(notification, signal),
      logger,
    });
    measureSubscriptions(metrics, [this.subscriber]);
    health.registerCheck('notifications of the ledger adapter', () => this.subscriber.assertLive());
  }

  onApplicationBootstrap(): void {
    this.subscriber.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.subscriber.close(), this.issued.settle()]);
  }
}
