import { errorsOf } from '@level-one/errors';

/** Error ids of the directory gateway beside those it passes on (contract row 1a). */
export enum DirectoryErrorId {
  InvalidQueryParameter = 'InvalidQueryParameterError',
  AboveFraudThreshold = 'UserIsAboveFraudThreshold',
}

export const directoryError = errorsOf<DirectoryErrorId>({
  [DirectoryErrorId.InvalidQueryParameter]: { status: 400, message: 'identifier must be given as type:value' },
  [DirectoryErrorId.AboveFraudThreshold]: { status: 422, message: 'The user is above the fraud threshold' },
});
