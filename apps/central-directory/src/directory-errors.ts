import { errorsOf } from '@level-one/errors';

/** Errors that only the directory answers (contract 6.2). */
export enum DirectoryErrorId {
  InvalidQueryParameter = 'InvalidQueryParameterError',
  CrossScheme = 'NotFoundError',
}

export const directoryError = errorsOf<DirectoryErrorId>({
  [DirectoryErrorId.InvalidQueryParameter]: { status: 400, message: 'A query parameter is missing or malformed' },
  [DirectoryErrorId.CrossScheme]: { status: 404, message: 'Cross-scheme lookups are not currently supported' },
});
