import { type ContractError, errorsOf } from '@level-one/errors';

/** Ids that this role answers beside the common ones (contract 6.2, ruling 2). */
export enum SchemeAdapterErrorId {
  UserNotFound = 'UserNotFound',
}

const schemeAdapterError = errorsOf<SchemeAdapterErrorId>({
  [SchemeAdapterErrorId.UserNotFound]: { status: 404, message: 'User not found' },
});

/** 404 UserNotFound, with its cause; also in the form that `notFoundAs` takes. */
export function userNotFound(cause?: unknown): ContractError {
  return schemeAdapterError(SchemeAdapterErrorId.UserNotFound, { cause });
}
