import { describe, expect, it } from '@jest/globals';
import { basicAuthorization } from './basic-auth.js';
import { Monitors } from './monitors.js';

const from = (remoteAddress: string, headers: Record<string, string> = {}) => ({ socket: { remoteAddress }, headers });
const as = (name: string, password: string) => ({ authorization: basicAuthorization(name, password) });

describe('who may read the metrics of a role', () => {
  it('is who knows the credentials for it, from anywhere', () => {
    const monitors = new Monitors({ metricsCredentials: 'prometheus:secret,other:key' });
    expect(monitors.include(from('10.0.0.1', as('prometheus', 'secret')))).toBe(true);
    expect(monitors.include(from('10.0.0.1', as('other', 'key')))).toBe(true);
    expect(monitors.include(from('10.0.0.1', as('other', 'secret')))).toBe(false);
    expect(monitors.include(from('127.0.0.1'))).toBe(false);
  });

  it('is nobody without credentials', () => {
    const monitors = new Monitors({});
    expect(monitors.include(from('127.0.0.1'))).toBe(false);
    expect(monitors.include(from('127.0.0.1', as('', '')))).toBe(false);
  });

  it('is everybody on loopback in a demo network, unless wrong credentials are given', () => {
    const monitors = new Monitors({ demoNetwork: true, metricsCredentials: 'prometheus:secret' });
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      expect([address, monitors.include(from(address))]).toEqual([address, true]);
    }
    expect(monitors.include(from('10.0.0.1'))).toBe(false);
    expect(monitors.include(from('2001:db8::1'))).toBe(false);
    expect(monitors.include(from('127.0.0.1', as('prometheus', 'wrong')))).toBe(false);
  });

  it('is not who comes from elsewhere through a proxy on loopback', () => {
    const monitors = new Monitors({ demoNetwork: true, trustedProxies: '127.0.0.1' });
    expect(monitors.include(from('127.0.0.1', { 'x-forwarded-for': '10.0.0.1' }))).toBe(false);
  });
});
