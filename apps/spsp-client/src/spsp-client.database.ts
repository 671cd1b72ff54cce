import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { DatabaseModule } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { CreatePayments1700000000300 } from './payments/store/create-payments.migration.js';
import { KeepPaymentTimes1798300000500 } from './payments/store/keep-payment-times.migration.js';
import { Payment } from './payments/store/payment.entity.js';
import { CreateSetups1700000000200 } from './setup/create-setups.migration.js';
import { FindOldSetups1796500000400 } from './setup/find-old-setups.migration.js';
import { Setup } from './setup/setup.entity.js';
import { SpspClientSettings } from './spsp-client.settings.js';

/** The database of one SPSP client, with the tables of all its features. */
export function spspClientDatabase(settings: SpspClientSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: [Setup, Payment, SubscriptionCursorEntity],
    migrations: [
      CreateSubscriptionCursors1700000000001,
      CreateSetups1700000000200,
      CreatePayments1700000000300,
      FindOldSetups1796500000400,
      KeepPaymentTimes1798300000500,
    ],
  });
}
