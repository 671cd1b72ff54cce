import { Inject, Injectable } from '@nestjs/common';
import { CREDENTIAL_CACHE_MS, RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { SUBSCRIBER_AUTHENTICATOR, type SubscriberAuthenticator } from './subscriber-authenticator.js';
import { Subscriptions } from './subscriptions.js';

/** Closes websockets of accounts that another instance changed, and of expired tokens. */
@Injectable()
export class SubscriberCheck extends Keeper {
  constructor(
    private readonly subscriptions: Subscriptions,
    @Inject(SUBSCRIBER_AUTHENTICATOR) private readonly authenticator: SubscriberAuthenticator,
    logger: RoleLogger,
  ) {
    super({ name: 'subscribers', intervalMs: CREDENTIAL_CACHE_MS, logger });
  }

  protected async sweep(): Promise<void> {
    await this.subscriptions.endChanged(this.authenticator);
  }
}
