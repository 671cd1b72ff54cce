import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches } from 'class-validator';

const LENGTH_MIN = 8;
const LOWEST = '00000000-0000-0000-0000-000000000000';

/** The first and the last id that begin with a text. */
export interface UuidRange {
  first: string;
  last: string;
}

/** The ids that begin with a text of at least 8 characters, in either case; undefined if no id begins so. */
export function uuidRange(beginning: string): UuidRange | undefined {
  const given = beginning.toLowerCase();
  if (given.length < LENGTH_MIN || given.length > LOWEST.length) return undefined;
  if (given.replaceAll(/[\da-f]/g, '0') !== LOWEST.slice(0, given.length)) return undefined;
  const rest = LOWEST.slice(given.length);
  return { first: given + rest, last: given + rest.replaceAll('0', 'f') };
}

/** A query's id of a payment, or the beginning of it. */
export function IsPaymentIdBeginning(): PropertyDecorator {
  const message = '$property must be the id of a payment, or its first 8 characters or more';
  return applyDecorators(IsOptional(), Matches(/^[\dA-Fa-f]{8}[\dA-Fa-f-]{0,28}$/, { message }));
}
