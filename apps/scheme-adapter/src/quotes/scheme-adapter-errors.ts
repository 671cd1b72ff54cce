import { type ContractError, errorsOf } from '@level-one/errors';

/** Ids that this role answers beside the common ones (contract 6.2, ruling 2). */
export enum SchemeAdapterErrorId {
  UserNotFound = 'UserNotFound',
}

const schemeAdapterError = errorsOf<SchemeAdapterErrorId>({
  [SchemeAdapterErrorId.UserNotFound]: { status: 404, message: 'User not found' },
});

/** For `notFoundAs` too. */
export function userNotFound(cause?: unknown): ContractError {
  return schemeAdapterError(SchemeAdapterErrorId.UserNotFound, { cause });
}
