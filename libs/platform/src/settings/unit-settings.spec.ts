import { describe, expect, it } from '@jest/globals';
import { RoleSettings } from './role-settings.js';
import { settingsFromEnvironment } from './settings.js';
import { WithUnit } from './unit-settings.js';

class Settings extends WithUnit(RoleSettings) {}

const read = (environment: Record<string, string>) => settingsFromEnvironment(Settings, { PORT: '1', ...environment });

describe('the unit of a ledger', () => {
  it.each<[Record<string, string>, [string, number, number]]>([
    [{}, ['USD', 2, 10]],
    [{ CURRENCY: 'UGX' }, ['UGX', 0, 10]],
    [{ CURRENCY: 'KWD' }, ['KWD', 3, 10]],
    [{ CURRENCY: 'UGX', SCALE: '2', PRECISION: '12' }, ['UGX', 2, 12]],
    [{ SCALE: '9', PRECISION: '18' }, ['USD', 9, 18]],
    [{ SCALE: '0', PRECISION: '1' }, ['USD', 0, 1]],
  ])('field E: %j gives %j', (environment, unit) => {
    const { currency, scale, precision } = read(environment);
    expect([currency, scale, precision]).toEqual(unit);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ SCALE: '10' }, /^SCALE \(is 10\)/],
    [{ SCALE: '-1' }, /^SCALE \(is -1\)/],
    [{ SCALE: '1.5' }, /^SCALE \(is 1.5\)/],
    [{ SCALE: 'two' }, /^SCALE \(is "two"\): must be a number$/],
    [{ PRECISION: '19' }, /^PRECISION \(is 19\)/],
    [{ PRECISION: '0' }, /^PRECISION \(is 0\)/],
    [{ CURRENCY: 'ugx', SCALE: '0' }, /^CURRENCY \(is "ugx"\)/],
    [{ CURRENCY: 'ugx' }, /CURRENCY \(is "ugx"\)/],
  ])('field E: %j is refused', (environment, message) => {
    expect(() => read(environment)).toThrow(message);
  });
});
