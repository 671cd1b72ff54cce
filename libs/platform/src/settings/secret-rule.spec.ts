import { describe, expect, it } from '@jest/globals';
import { demoSecretFor, secretProblem } from './secret-rule.js';
import { RoleSettings } from './role-settings.js';
import { Setting, settingsOf, StartupError } from './settings.js';

class Secrets extends RoleSettings {
  @Setting({ env: 'PAIRS', meaning: 'name:secret pairs', secret: true })
  pairs: string;
}

function start(pairs: string, more: Partial<Secrets> = {}): Secrets {
  return settingsOf(Secrets, { port: 0, pairs, ...more });
}

describe('A14: the rule for secrets', () => {
  it.each([
    'a',
    'aaaaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabcabc',
    '1234567890123456',
    'passwordpassword',
    'fifteen-letters',
    'dfsp1-spsp-client-proxy',
    'dfsp2-spsp-server-ledger',
    'centre-central-directory',
    'dfsp1-testconnector',
    demoSecretFor('tokens dfsp1'),
    demoSecretFor('receiver dfsp2').toUpperCase(),
    demoSecretFor('signing dfsp1'),
    Buffer.from(demoSecretFor('signing dfsp1'), 'hex').toString('base64url'),
    Buffer.from(demoSecretFor('receiver dfsp1'), 'hex').toString('base64'),
    Buffer.alloc(32).toString('base64url'),
  ])('refuses %s', (secret) => {
    expect(secretProblem(secret)).toEqual(expect.any(String));
    expect(() => start(`somebody:${secret}`)).toThrow(StartupError);
  });

  it('refuses the name itself, and one secret for two names', () => {
    expect(secretProblem('the-operator-of-it-all', 'The-Operator-of-it-all')).toBeDefined();
    expect(() => start('the-operator-of-it-all:the-operator-of-it-all')).toThrow('PAIRS');
    const secret = 'q8Zr3LxT0vWb7KdNfJ2s';
    expect(() => start(`one:${secret},two:${secret}`)).toThrow('PAIRS');
    expect(start(`one:${secret},two:${secret}x`).pairs).toContain(secret);
  });

  it('accepts a long random secret', () => {
    expect(secretProblem('q8Zr3LxT0vWb7KdN')).toBeUndefined();
    expect(secretProblem('00ff'.repeat(3) + 'a31c9e07b5d2')).toBeUndefined();
  });

  it.each([
    { host: '0.0.0.0' },
    { host: '::' },
    { host: '192.0.2.1' },
    { host: 'bank.test' },
    { host: 'bank.localhost' },
    { host: '127.0.0.1.example' },
    { publicUrl: 'https://dfsp1.example' },
    { publicUrl: 'http://ledger.test' },
  ])('lets a demo network listen on loopback only, not at %j', (where) => {
    expect(start('admin:admin', { demoNetwork: true }).pairs).toBe('admin:admin');
    expect(() => start('admin:admin', { demoNetwork: true, ...where })).toThrow('DEMO_NETWORK');
  });
});
