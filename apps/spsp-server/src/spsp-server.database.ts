import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { CreateUsedSignatures1798400000100, UsedSignature } from '@level-one/peers';
import { DatabaseModule, KeepUnit1796200000000, KeptUnit } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { AddPaymentRequests1795300000200 } from './issuing/store/add-payment-requests.migration.js';
import { CreateIssuedPayments1700000000100 } from './issuing/store/create-issued-payments.migration.js';
import { DeliverOutcomes1796900000400 } from './issuing/store/deliver-outcomes.migration.js';
import { FindOldIssuedPayments1796500000300 } from './issuing/store/find-old-issued-payments.migration.js';
import { KeepOutcomeTimes1798300000500 } from './issuing/store/keep-outcome-times.migration.js';
import { IssuedPayment } from './issuing/store/issued-payment.entity.js';
import { SpspServerSettings } from './spsp-server.settings.js';

/** The database of one SPSP server, with the tables of all its features. */
export function spspServerDatabase(settings: SpspServerSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: [IssuedPayment, SubscriptionCursorEntity, KeptUnit, UsedSignature],
    migrations: [
      CreateSubscriptionCursors1700000000001,
      CreateIssuedPayments1700000000100,
      AddPaymentRequests1795300000200,
      KeepUnit1796200000000,
      FindOldIssuedPayments1796500000300,
      DeliverOutcomes1796900000400,
      KeepOutcomeTimes1798300000500,
      CreateUsedSignatures1798400000100,
    ],
    unit: { settings, hasAmounts: 'EXISTS (SELECT FROM issued_payments)' },
  });
}
