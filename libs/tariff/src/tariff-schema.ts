import { FindOldLimits1796500002950 } from './limits/find-old-limits.migration.js';
import { CreateFeeRules1700000002100 } from './fees/create-fee-rules.migration.js';
import { CreditPayerFees1795300002700 } from './fees/credit-payer-fees.migration.js';
import { FeeRule } from './fees/fee-rule.entity.js';
import { VersionFeeRules1795300002300 } from './fees/version-fee-rules.migration.js';
import { CreateLimits1795300002400 } from './limits/create-limits.migration.js';
import { LimitReservation } from './limits/limit-reservation.entity.js';
import { LimitRule } from './limits/limit-rule.entity.js';
import { LimitUsage } from './limits/limit-usage.entity.js';
import { KeepLimitTimes1798300002500 } from './limits/keep-limit-times.migration.js';
import { MoveLimits1796400002900 } from './limits/move-limits.migration.js';
import { PoolLimits1795800002700 } from './limits/pool-limits.migration.js';
import { RefusePayments1796300002900 } from './limits/refuse-payments.migration.js';
import { NotifyRuleChanges1796300002800 } from './rules/notify-rule-changes.migration.js';

/** Entities of a role with fee and limit rules. */
export const TARIFF_ENTITIES = [FeeRule, LimitRule, LimitUsage, LimitReservation];

/** Migrations of these entities, oldest first. */
export const TARIFF_MIGRATIONS = [
  CreateFeeRules1700000002100,
  VersionFeeRules1795300002300,
  CreateLimits1795300002400,
  CreditPayerFees1795300002700,
  PoolLimits1795800002700,
  NotifyRuleChanges1796300002800,
  RefusePayments1796300002900,
  MoveLimits1796400002900,
  FindOldLimits1796500002950,
  KeepLimitTimes1798300002500,
];
