import { describe, expect, it } from '@jest/globals';
import { RoleSettings } from './role-settings.js';
import { settingsFromEnvironment } from './settings.js';

const read = (environment: Record<string, string>) =>
  settingsFromEnvironment(RoleSettings, { PORT: '3108', ...environment });

describe('field P: where a role listens, and its URL', () => {
  it.each([
    [{}, 'http://127.0.0.1:3108'],
    [{ HOST: '::1' }, 'http://[::1]:3108'],
    [{ HOST: 'localhost' }, 'http://localhost:3108'],
    [{ HOST: 'dfsp1_ledger' }, 'http://dfsp1_ledger:3108'],
    [{ HOST: 'dfsp1_ledger.internal' }, 'http://dfsp1_ledger.internal:3108'],
    [{ HOST: '0.0.0.0', PUBLIC_URL: 'https://bank.example/dfsp1/' }, 'https://bank.example/dfsp1/'],
    [{ PUBLIC_URL: 'http://dfsp1_ledger:80/bank1' }, 'http://dfsp1_ledger:80/bank1'],
    [{ PUBLIC_URL: 'http://[2001:db8::1]:3108' }, 'http://[2001:db8::1]:3108'],
  ])('%j gives %s', (environment, url) => {
    expect(read(environment).publicUrl).toBe(url);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ HOST: '0.0.0.0' }, /^PUBLIC_URL \(is "http:\/\/0\.0\.0\.0:3108"\): must name an address at which others reach/],
    [{ HOST: '::' }, /^PUBLIC_URL \(is "http:\/\/\[::\]:3108"\): must name an address at which others reach/],
    [{ HOST: 'fe80::1%eth0' }, /^PUBLIC_URL .*: must be an http/],
    [{ HOST: '[::1]' }, /^HOST \(is "\[::1\]"\): must be a host name or an IP address without brackets/],
    [{ HOST: 'a b' }, /^HOST \(is "a b"\): must be a host name/],
    [{ HOST: 'http://127.0.0.1' }, /^HOST/],
    [{ HOST: '-bank' }, /^HOST/],
    [{ PUBLIC_URL: 'bank.example' }, /^PUBLIC_URL \(is "bank.example"\): must be an http:\/\/ or https:\/\/ URL$/],
    [{ PUBLIC_URL: 'ftp://bank.example' }, /^PUBLIC_URL .*: must be an http/],
    [{ PUBLIC_URL: 'http://bank.example/?a=1' }, /^PUBLIC_URL .*: must not have a query/],
    [{ PUBLIC_URL: 'http://bank.example/#a' }, /^PUBLIC_URL .*: must not have a query/],
    [{ PUBLIC_URL: 'http://x:y@bank.example' }, /^PUBLIC_URL \(is "http:\/\/…@bank.example"\): must not have a name/],
    [{ PORT: '' }, /^PORT is missing \(TCP[^)]*\)$/],
    [{ PORT: 'many' }, /^PORT \(is "many"\): must be a number$/],
  ])('%j is refused in one line', (environment, line) => {
    expect(() => read(environment)).toThrow(line);
    expect(() => read(environment)).not.toThrow(/\n/);
  });
});
