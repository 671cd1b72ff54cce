import { CreateUsedSignatures1798400000100, UsedSignature } from '@level-one/peers';
import { DatabaseModule } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { CreateRecentQuotes1798400000200 } from './quotes/create-recent-quotes.migration.js';
import { RecentQuote } from './quotes/recent-quote.entity.js';
import type { SchemeAdapterSettings } from './scheme-adapter.settings.js';

/** The database of one scheme adapter: what its instances have to know of each other. */
export function schemeAdapterDatabase(settings: SchemeAdapterSettings): DynamicModule {
  return DatabaseModule.forRole({
    settings,
    entities: [UsedSignature, RecentQuote],
    migrations: [CreateUsedSignatures1798400000100, CreateRecentQuotes1798400000200],
  });
}
