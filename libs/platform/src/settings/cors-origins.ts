import { applyDecorators } from '@nestjs/common';
import { IsOptional, ValidateBy } from 'class-validator';
import { baseUrlProblem } from './base-url.js';
import { Setting } from './settings.js';

/** Stands for every origin. */
export const EVERY_ORIGIN = '*';
/** Scheme, host and port: a browser's `Origin` has nothing else. */
const ORIGIN = /^https?:\/\/[^/\\?#@\s]+$/i;

function areOrigins(value: unknown): boolean {
  if (value === EVERY_ORIGIN) return true;
  return (
    typeof value === 'string' && value.split(',').every((one) => ORIGIN.test(one) && baseUrlProblem(one) === undefined)
  );
}

/** Web pages whose scripts may call a role. */
export const CorsOrigins = (): PropertyDecorator =>
  applyDecorators(
    Setting({
      env: 'CORS_ORIGINS',
      meaning:
        'origins of web pages whose scripts may call this role, https://shop.example, with commas between; * is every one',
      defaultText: 'none',
    }),
    IsOptional(),
    ValidateBy({
      name: 'areOrigins',
      validator: {
        validate: areOrigins,
        defaultMessage: () => 'must be * or origins with commas between and without spaces, each without a path',
      },
    }),
  );
