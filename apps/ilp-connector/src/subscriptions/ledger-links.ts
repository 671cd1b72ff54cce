import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  DatabaseCursorStore,
  LedgerSubscriber,
  measureSubscriptions,
  type Notification,
} from '@level-one/notifications';
import { type HopId, LedgerClient, PeerHttp, type WireTransfer } from '@level-one/peers';
import { Health, RoleLogger, RoleMetrics } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { Forwarder } from '../forwarding/forwarder.js';
import { LateSources } from '../forwarding/late-sources.js';
import { CentralLedgerClient, OwnLedgerClient } from '../ledgers/ledger-clients.js';
import { QuoteMessages } from '../quotes/quote-messages.js';
import { sideOf } from '../forwarding/transfer-side.js';

/** How a frame counts as a hop: by the ledger it came from, what happened, and the side this connector is on. */
const HOPS: Record<string, HopId | undefined> = {
  'own credit prepared': 'P.F',
  'own debit prepared': 'P.J',
  'own debit executed': 'V.C',
  'own credit executed': 'V.H',
  'central credit prepared': 'P.G2',
  'central debit prepared': 'P.G2',
  'central credit executed': 'V.E',
  'central debit executed': 'V.E',
};

/** The connector's two subscriptions: its account at the own DFSP, and the DFSP's account at the centre. */
@Injectable()
export class LedgerLinks implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly subscribers: LedgerSubscriber[];

  constructor(
    own: OwnLedgerClient,
    central: CentralLedgerClient,
    forwarder: Forwarder,
    private readonly lateSources: LateSources,
    private readonly messages: QuoteMessages,
    dataSource: DataSource,
    private readonly http: PeerHttp,
    private readonly logger: RoleLogger,
    health: Health,
    metrics: RoleMetrics,
  ) {
    const cursor = (name: string): DatabaseCursorStore => new DatabaseCursorStore(dataSource, name);
    this.subscribers = [
      this.link('own', own, cursor('own-ledger'), (transfer, event) => forwarder.onOwnTransfer(transfer, event)),
      this.link('central', central, cursor('central-ledger'), (transfer, event) =>
        forwarder.onCentralTransfer(transfer, event),
      ),
    ];
    measureSubscriptions(metrics, this.subscribers);
    health.registerCheck('subscriptions', () => this.subscribers.forEach((subscriber) => subscriber.assertLive()));
  }

  areLive(): boolean {
    try {
      this.subscribers.forEach((subscriber) => subscriber.assertLive());
      return true;
    } catch {
      return false;
    }
  }

  onApplicationBootstrap(): void {
    for (const subscriber of this.subscribers) {
      // A ledger that is back has late transfers, perhaps.
      subscriber.status$.subscribe((status) => {
        if (status === 'live') this.lateSources.runNow();
      });
      subscriber.start();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.subscribers.map((subscriber) => subscriber.close()));
  }

  private link(
    name: 'own' | 'central',
    ledger: LedgerClient & { accountName: string },
    cursor: DatabaseCursorStore,
    handle: (transfer: WireTransfer, notification: Notification) => Promise<void>,
  ): LedgerSubscriber {
    const { websocketUrl } = ledger;
    return new LedgerSubscriber({
      name,
      ...ledger.websocket,
      accounts: [ledger.accountUri(ledger.accountName)],
      cursor,
      received: (notification) => this.received(name, ledger, websocketUrl, notification),
      handle: async (notification) => {
        if (notification.event === 'message.send') {
          if (name === 'own') this.messages.onOwnMessage(notification.resource);
          else this.messages.onCentralMessage(notification.resource);
          return;
        }
        await handle(notification.resource as unknown as WireTransfer, notification);
      },
      logger: this.logger,
    });
  }

  private received(
    name: 'own' | 'central',
    ledger: LedgerClient & { accountName: string },
    websocketUrl: string,
    { event, resource }: Notification,
  ): void {
    if (event === 'message.send') return;
    const transfer = resource as unknown as WireTransfer;
    const side = sideOf(transfer, ledger.accountName);
    const hop = HOPS[`${name} ${side} ${transfer.state}`];
    if (hop) this.http.received(hop, websocketUrl);
  }
}
