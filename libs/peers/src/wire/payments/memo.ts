import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { registerDecorator } from 'class-validator';

/** Larger memos would not fit into the ledgers' memos once they are part of an ILP packet. */
const MEMO_BYTES_MAX = 4 * 1024;
const MEMO_DEPTH_MAX = 32;

/** Goes down level by level, because a recursion could be made to overflow the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return false;
}

/** Whether the value may be the memo of a payment: a text or an object of limited size and depth. */
export function isMemo(value: unknown): boolean {
  const isText = typeof value === 'string';
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isText && (!isObject || isDeeperThan(value, MEMO_DEPTH_MAX))) return false;
  return Buffer.byteLength(JSON.stringify(value)) <= MEMO_BYTES_MAX;
}

const MEMO_SCHEMA = { oneOf: [{ type: 'string' }, { type: 'object' }] };

/** A memo for the payee: a text or an object, at most 4 KiB. */
export function IsMemo(): PropertyDecorator {
  const check: PropertyDecorator = (target, property) =>
    registerDecorator({
      name: 'isMemo',
      target: target.constructor,
      propertyName: String(property),
      options: { message: '$property must be a text or an object of at most 4 KiB' },
      validator: { validate: isMemo },
    });
  return applyDecorators(check, ApiPropertyOptional(MEMO_SCHEMA));
}

/** The schema of `data` of a payment: texts under these names, and the memo. */
export function ApiPaymentData(...names: string[]): PropertyDecorator {
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return ApiProperty({ type: 'object', properties: { ...texts, memo: MEMO_SCHEMA }, required: names });
}
