import { parseTimestamp } from '@level-one/ilp';
import { ValidateBy } from 'class-validator';

/** A time with a time zone, as `parseTimestamp` reads it. */
export function IsTimestamp(): PropertyDecorator {
  return ValidateBy({
    name: 'isTimestamp',
    validator: {
      validate: (value: unknown) => parseTimestamp(value) !== undefined,
      defaultMessage: () => '$property must be an ISO 8601 time with a time zone',
    },
  });
}
