import { LimitType } from './limit-errors.js';

/** Periods of limits, by the calendar of the DFSP's time zone; weeks are those of ISO 8601. */
export enum LimitPeriod {
  Day = 'day',
  /** From Monday. */
  Week = 'week',
  Month = 'month',
}

/** The limits of each period: field of the rule, and type of the error. */
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

/** Checks the name of a time zone. @throws RangeError if it is not an IANA time zone. */
export function ianaTimeZone(name: string): string {
  // Offsets are refused: JavaScript accepts them, but the database reads their sign the other way round.
  if (!/^[A-Za-z]/.test(name)) throw new RangeError(`Invalid time zone specified: ${name}`);
  Intl.DateTimeFormat('en', { timeZone: name });
  return name;
}
