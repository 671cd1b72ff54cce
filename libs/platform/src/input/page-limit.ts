import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const PATTERNS = {
  100: /^([1-9][0-9]?|100)$/,
  200: /^([1-9][0-9]?|1[0-9]{2}|200)$/,
  500: /^([1-9][0-9]?|[1-4][0-9]{2}|500)$/,
  1000: /^([1-9][0-9]{0,2}|1000)$/,
  9999: /^[1-9][0-9]{0,3}$/,
} as const;

/** The member `limit` of a query: how many entries a page has at most, from 1 to `max`. It may be absent. */
export function PageLimit(max: keyof typeof PATTERNS): PropertyDecorator {
  const pattern = PATTERNS[max];
  return applyDecorators(
    IsOptional(),
    Matches(pattern, { message: `limit must be a number from 1 to ${max}` }),
    ApiPropertyOptional({ pattern: pattern.source }),
  );
}
