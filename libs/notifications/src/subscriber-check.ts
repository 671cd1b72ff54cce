import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { BELIEVED_MS, RoleLogger, Sweeper } from '@level-one/platform';
import { SUBSCRIBER_AUTHENTICATOR, type SubscriberAuthenticator } from './subscriber-authenticator.js';
import { Subscriptions } from './subscriptions.js';

/** Ends websockets of accounts that another instance changed, and of tokens that ran out. */
@Injectable()
export class SubscriberCheck implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly sweeper: Sweeper;

  constructor(
    subscriptions: Subscriptions,
    @Inject(SUBSCRIBER_AUTHENTICATOR) authenticator: SubscriberAuthenticator,
    logger: RoleLogger,
  ) {
    this.sweeper = new Sweeper({
      name: 'subscribers',
      intervalMs: BELIEVED_MS,
      sweep: () => subscriptions.endChanged(authenticator),
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.sweeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.sweeper.stop();
  }
}
