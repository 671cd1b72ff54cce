import { type ContractError, errorsOf } from '@level-one/errors';

export enum LimitErrorId {
  LimitExceeded = 'LimitExceededError',
}

/** The exceeded limit: the `type` of the error (contract 6.2, D11). */
export enum LimitType {
  MinAmount = 'rule.minAmount',
  MaxAmount = 'rule.maxAmount',
  MaxAmountDaily = 'rule.maxAmountDaily',
  MaxAmountWeekly = 'rule.maxAmountWeekly',
  MaxAmountMonthly = 'rule.maxAmountMonthly',
  MaxCountDaily = 'rule.maxCountDaily',
  MaxCountWeekly = 'rule.maxCountWeekly',
  MaxCountMonthly = 'rule.maxCountMonthly',
}

const MESSAGES: Readonly<Record<LimitType, string>> = {
  [LimitType.MinAmount]: 'Minimum amount of transaction is {limit}',
  [LimitType.MaxAmount]: 'Transfer amount limit of {limit} reached',
  [LimitType.MaxAmountDaily]: 'Daily transfer amount limit of {limit} reached',
  [LimitType.MaxAmountWeekly]: 'Weekly transfer amount limit of {limit} reached',
  [LimitType.MaxAmountMonthly]: 'Monthly transfer amount limit of {limit} reached',
  [LimitType.MaxCountDaily]: 'Daily transfer count limit of {limit} reached',
  [LimitType.MaxCountWeekly]: 'Weekly transfer count limit of {limit} reached',
  [LimitType.MaxCountMonthly]: 'Monthly transfer count limit of {limit} reached',
};

const make = errorsOf<LimitErrorId>({
  [LimitErrorId.LimitExceeded]: { status: 422, message: 'A limit of the transfer is exceeded' },
});

/** 422 LimitExceededError. @param limit an amount in its shortest form, or a number of transfers. */
export function limitError(type: LimitType, limit: string | number): ContractError<LimitErrorId> {
  return make(LimitErrorId.LimitExceeded, {
    message: MESSAGES[type].replace('{limit}', String(limit)),
    extras: { type, params: { limit } },
  });
}
