import { describe, expect, it } from '@jest/globals';
import { addressList, clientAddress } from './client-address.js';

function addressOf(remoteAddress: string | undefined, forwarded?: string | string[], proxies = ''): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientAddress({ socket: { remoteAddress }, headers }, addressList(proxies));
}

describe('the address of a caller', () => {
  it('is that of the connection, whatever a header says', () => {
    expect(addressOf('192.0.2.7', '198.51.100.1')).toBe('192.0.2.7');
    expect(addressOf('::ffff:192.0.2.7', '198.51.100.1')).toBe('192.0.2.7');
    expect(addressOf(undefined, '198.51.100.1')).toBe('unknown');
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, network) => {
    expect(addressOf(address)).toBe(network);
  });

  it('is taken from the header of a trusted proxy', () => {
    const proxies = '10.0.0.0/8, 192.0.2.7,fd00::/8';
    expect(addressOf('10.1.2.3', '198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(addressOf('fd00::5', '198.51.100.1, 10.1.2.3', proxies)).toBe('198.51.100.1');
    expect(addressOf('10.1.2.3', ['203.0.113.9', '198.51.100.1'], proxies)).toBe('198.51.100.1');
    // The address that the client wrote comes before the one that the proxy added.
    expect(addressOf('10.1.2.3', '203.0.113.9, 198.51.100.1', proxies)).toBe('198.51.100.1');
    expect(addressOf('198.51.100.1', '203.0.113.9', proxies)).toBe('198.51.100.1');
    expect(addressOf('10.1.2.3', 'nonsense', proxies)).toBe('10.1.2.3');
    expect(addressOf('10.1.2.3', undefined, proxies)).toBe('10.1.2.3');
  });

  it.each(['localhost', '10.0.0.0/33', '10.0.0.0/x', 'fd00::/129'])(
    'cannot be configured with the proxies %j',
    (proxies) => {
      expect(() => addressList(proxies)).toThrow('is neither an IP address nor a subnet');
    },
  );
});
