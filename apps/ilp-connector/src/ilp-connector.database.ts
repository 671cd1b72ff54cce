import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { DatabaseModule } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { CreateLateSources1764420000001, LateSourceEntity } from './forwarding/late-source.entity.js';
import {
  CreateLostClaims1764380000000,
  FileLostClaims1764420000000,
  KeepClaimTimes1798300000300,
  LostClaimEntity,
} from './forwarding/lost-claim.entity.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';

/**
 * The database of one connector: how far it has read the events of both ledgers, which sources are late, and what it
 * could not claim in time.
 */
export function ilpConnectorDatabase(settings: IlpConnectorSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: [SubscriptionCursorEntity, LostClaimEntity, LateSourceEntity],
    migrations: [
      CreateSubscriptionCursors1700000000001,
      CreateLostClaims1764380000000,
      FileLostClaims1764420000000,
      CreateLateSources1764420000001,
      KeepClaimTimes1798300000300,
    ],
  });
}
