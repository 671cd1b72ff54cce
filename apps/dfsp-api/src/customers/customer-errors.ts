import { errorsOf } from '@level-one/errors';

/** Error ids about people and their accounts (contract 6.2). */
export enum CustomerErrorId {
  /** Answer to other DFSPs. */
  UserNotFound = 'UserNotFound',
  /** Answer to this DFSP's channel. */
  ClientNotFound = 'ClientNotFound',
  MerchantNotFound = 'MerchantNotFound',
  NoAccount = 'NoAccount',
  UnknownAccount = 'NotFoundError',
}

export const customerError = errorsOf<CustomerErrorId>({
  [CustomerErrorId.UserNotFound]: { status: 404, message: 'User not found' },
  [CustomerErrorId.ClientNotFound]: { status: 404, message: 'Client was not found' },
  [CustomerErrorId.MerchantNotFound]: { status: 404, message: 'Merchant was not found' },
  [CustomerErrorId.NoAccount]: { status: 422, message: 'User has no active mwallet accounts' },
  [CustomerErrorId.UnknownAccount]: { status: 404, message: 'Unknown account' },
});
