import { LimitType } from './limit-errors.js';

/** What transfers are added up over, by the calendar of the DFSP's time zone; weeks are those of ISO 8601. */
export enum LimitPeriod {
  Day = 'day',
  /** From Monday. */
  Week = 'week',
  Month = 'month',
}

/** What a limit of each period is called: its field in the rule, and its type in the error. */
export const PERIOD_LIMITS = {
  [LimitPeriod.Day]: {
    amount: { field: 'maxAmountDaily', type: LimitType.MaxAmountDaily },
    count: { field: 'maxCountDaily', type: LimitType.MaxCountDaily },
  },
  [LimitPeriod.Week]: {
    amount: { field: 'maxAmountWeekly', type: LimitType.MaxAmountWeekly },
    count: { field: 'maxCountWeekly', type: LimitType.MaxCountWeekly },
  },
  [LimitPeriod.Month]: {
    amount: { field: 'maxAmountMonthly', type: LimitType.MaxAmountMonthly },
    count: { field: 'maxCountMonthly', type: LimitType.MaxCountMonthly },
  },
} as const satisfies Record<LimitPeriod, unknown>;

export const LIMIT_PERIODS = Object.values(LimitPeriod);

/** The name of a zone that the database knows too. @throws RangeError when it is no IANA time zone */
export function ianaTimeZone(name: string): string {
  // Offsets pass here, but the database reads their sign the other way round.
  if (!/^[A-Za-z]/.test(name)) throw new RangeError(`Invalid time zone specified: ${name}`);
  Intl.DateTimeFormat('en', { timeZone: name });
  return name;
}
