import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { DatabaseModule } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { CreateLostClaims1764380000000, LostClaimEntity } from './forwarding/lost-claim.entity.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

/** The database of one connector: how far it has read the events of both ledgers, and what it could not claim. */
export function ilpConnectorDatabase(settings: IlpConnectorSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: [SubscriptionCursorEntity, LostClaimEntity],
    migrations: [CreateSubscriptionCursors1700000000001, CreateLostClaims1764380000000],
  });
}
