import { applyDecorators } from '@nestjs/common';
import { HTTP_URL } from '@level-one/platform';
import { Type as TypeOf } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/*
 * Checks of what other systems answer. The API documents do not show them, because they are wider than what our own
 * roles answer. A member that another system may leave out is `@IsOptional()`; null is as good as absent.
 */

const TEXT_LENGTH_MAX = 1_024;
const LIST_LENGTH_MAX = 100;

/** A text of at least one character, and at most so many. */
export function IsText(lengthMax = TEXT_LENGTH_MAX): PropertyDecorator {
  return applyDecorators(IsString(), Length(1, lengthMax));
}

/** A text of at most so many characters. */
export function IsTextOrEmpty(lengthMax = TEXT_LENGTH_MAX): PropertyDecorator {
  return applyDecorators(IsString(), MaxLength(lengthMax));
}

export function IsWholeNumber(min: number, max: number): PropertyDecorator {
  return applyDecorators(IsInt(), Min(min), Max(max));
}

export function IsOneOf(values: readonly string[]): PropertyDecorator {
  return IsIn(values);
}

export function IsHttpUrl(): PropertyDecorator {
  return applyDecorators(IsUrl(HTTP_URL), MaxLength(TEXT_LENGTH_MAX));
}

export function IsCurrencyCode(): PropertyDecorator {
  return Matches(/^[A-Z]{3}$/);
}

/** What an account has: it may be negative. */
export function IsBalance(): PropertyDecorator {
  return Matches(/^-?\d{1,24}(\.\d{1,24})?$/);
}

/** At most 100 objects of a class, each of which is checked. */
export function IsListOf(type: () => new () => object): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(LIST_LENGTH_MAX), ValidateNested({ each: true }), TypeOf(type));
}
