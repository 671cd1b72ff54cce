import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  DatabaseCursorStore,
  LedgerSubscriber,
  measureSubscriptions,
  type Notification,
} from '@level-one/notifications';
import { LedgerClient, PeerHttp, type WireTransfer } from '@level-one/peers';
import { Health, RoleLogger, RoleMetrics } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { ConnectorMessages } from '../../quotes/connector-messages.js';
import { SpspClientPaymentOutcomes } from './payment-outcomes.js';
import { PaymentWaiters } from './payment-waiters.js';
import { PaymentsRepository } from '../store/payments.repository.js';
import { isForwarded, isSameTransfer, updateHop } from './source-transfer.js';

/** Follows the DFSP's own ledger for what becomes of the payments that began here (V.H, R4, R5). */
@Injectable()
export class SpspClientLedgerEvents implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly subscriber: LedgerSubscriber;

  constructor(
    private readonly payments: PaymentsRepository,
    private readonly outcomes: SpspClientPaymentOutcomes,
    private readonly waiters: PaymentWaiters,
    private readonly http: PeerHttp,
    private readonly ledger: LedgerClient,
    private readonly messages: ConnectorMessages,
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
      handle: (notification) => this.onNotification(notification),
      logger,
    });
    measureSubscriptions(metrics, [this.subscriber]);
    health.registerCheck('notifications of the ledger adapter', () => this.subscriber.assertLive());
  }

  onApplicationBootstrap(): void {
    this.subscriber.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.subscriber.close(), this.payments.settle()]);
  }

  private async onNotification({ event, transferId, resource, relatedResources }: Notification): Promise<void> {
    if (event === 'message.send') this.messages.onMessage(resource);
    if (event !== 'transfer.update' || transferId === undefined) return;
    const transfer = resource as unknown as WireTransfer;
    const hop = updateHop(transfer);
    if (!hop || isForwarded(transfer)) return;
    const payment = this.waiters.findFollowed(transferId) ?? (await this.payments.findPayment(transferId));
    if (!payment || !isSameTransfer(payment.transfer, transfer)) return;
    this.http.received(hop, this.ledger.websocketUrl);
    const fulfillment = relatedResources['execution_condition_fulfillment'];
    await this.outcomes.learnEvent(payment, transfer, typeof fulfillment === 'string' ? fulfillment : undefined);
  }
}
