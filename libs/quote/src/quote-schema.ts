import { AskQuotes1795800002800 } from './ask-quotes.migration.js';
import { CreateFeeRules1700000002100 } from './create-fee-rules.migration.js';
import { CreateLimits1795300002400 } from './create-limits.migration.js';
import { CreateQuotes1700000002200 } from './create-quotes.migration.js';
import { ExtendQuotes1795300002500 } from './extend-quotes.migration.js';
import { CreditPayerFees1795300002700 } from './credit-payer-fees.migration.js';
import { FeeRule } from './fee-rule.entity.js';
import { LimitReservation } from './limit-reservation.entity.js';
import { LimitRule } from './limit-rule.entity.js';
import { LimitUsage } from './limit-usage.entity.js';
import { PoolLimits1795800002700 } from './pool-limits.migration.js';
import { QuoteCurrencies1795300002600 } from './quote-currencies.migration.js';
import { Quote } from './quote.entity.js';
import { VersionFeeRules1795300002300 } from './version-fee-rules.migration.js';

/** What a role that quotes keeps in its database. */
export const QUOTE_ENTITIES = [FeeRule, LimitRule, LimitUsage, LimitReservation, Quote];

export const QUOTE_MIGRATIONS = [
  CreateFeeRules1700000002100,
  CreateQuotes1700000002200,
  VersionFeeRules1795300002300,
  CreateLimits1795300002400,
  ExtendQuotes1795300002500,
  QuoteCurrencies1795300002600,
  CreditPayerFees1795300002700,
  PoolLimits1795800002700,
  AskQuotes1795800002800,
];
