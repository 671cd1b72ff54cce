import { DirectoryErrorId, directoryError } from '../directory-errors.js';

/** Types of identifiers that can be looked up. */
export const IDENTIFIER_TYPES = [
  { identifierType: 'eur', description: 'Number of the central end user registry, 1 to 8 digits' },
  { identifierType: 'tel', description: 'Telephone number, up to 15 digits; no registry of these is connected yet' },
] as const;

const FORMS: Record<string, RegExp> = { eur: /^[0-9]{1,8}$/, tel: /^\+?[1-9]\d{1,14}$/ };
/** Type of an identifier without a type. */
const DEFAULT_TYPE = 'eur';

export interface Identifier {
  type: string;
  value: string;
}

function invalidIdentifier(message: string, key: string, value: unknown): Error {
  return directoryError(DirectoryErrorId.InvalidQueryParameter, {
    message,
    extras: { validationErrors: [{ message, params: { key, value } }] },
  });
}

/**
 * Reads `eur:26547070`, or `26547070` with or without a type beside it (row 1).
 * @throws ContractError 400 InvalidQueryParameterError with validationErrors[].params `{ key, value }`.
 */
export function parseIdentifier(identifier: unknown, identifierType?: unknown): Identifier {
  if (typeof identifier !== 'string' || identifier === '') {
    throw invalidIdentifier("'identifier' is missing or given more than once", 'identifier', identifier ?? null);
  }
  if (identifierType !== undefined) checkType(identifierType, 'identifierType', identifierType);
  const colon = identifier.indexOf(':');
  const named = colon < 0 ? undefined : identifier.slice(0, colon);
  const type = named ?? (identifierType as string | undefined) ?? DEFAULT_TYPE;
  checkType(type, 'identifier', identifier);
  if (identifierType !== undefined && type !== identifierType) {
    throw invalidIdentifier(
      `'${identifier}' is not of identifierType '${String(identifierType)}'`,
      'identifier',
      identifier,
    );
  }
  const value = identifier.slice(colon + 1);
  if (!FORMS[type]!.test(value)) {
    throw invalidIdentifier(
      `'${value}' is not a valid identifier for identifierType '${type}'`,
      'identifier',
      identifier,
    );
  }
  return { type, value };
}

function checkType(type: unknown, key: string, value: unknown): void {
  if (typeof type === 'string' && Object.hasOwn(FORMS, type)) return;
  throw invalidIdentifier(`'${String(type)}' is not a registered identifierType`, key, value);
}
