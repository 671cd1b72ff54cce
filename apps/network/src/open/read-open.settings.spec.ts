import { describe, expect, it } from '@jest/globals';
import { settingsFromEnvironment } from '@level-one/platform';
import { ReadOpenSettings } from './read-open.settings.js';

const read = (environment: Record<string, string>): ReadOpenSettings =>
  settingsFromEnvironment(ReadOpenSettings, environment);

describe('settings of `npm run open`', () => {
  it('are all optional', () => {
    const { portBase, roleUrls, operatorCredentials } = read({});
    expect([portBase, roleUrls, operatorCredentials]).toEqual([3000, undefined, undefined]);
  });

  it.each(['admin', 'admin:a b', ':secret'])('have no credentials of the form %j', (credentials) => {
    expect(() => read({ OPERATOR_CREDENTIALS: credentials })).toThrow(/must be name:password/);
  });

  it('have URLs with commas between', () => {
    expect(read({ ROLE_URLS: 'https://a.test/v1,http://b.test' }).roleUrls).toBe('https://a.test/v1,http://b.test');
    expect(() => read({ ROLE_URLS: 'a.test' })).toThrow(/must be URLs/);
  });
});
