import { describe, expect, it } from '@jest/globals';
import { belongsTo, outsideBaseUrl, outsideUrl, pathBelow } from './outside-url.js';

const BASE = 'https://gate.test/dfsp2/v1';

describe('F7: a URL from outside', () => {
  it.each([
    ['https://gate.test/dfsp2/v1/receivers/1', 'https://gate.test/dfsp2/v1/receivers/1'],
    ['HTTPS://Gate.TEST:443/dfsp2/v1', 'https://gate.test/dfsp2/v1'],
    ['http://gate.test:80', 'http://gate.test'],
    ['http://gate.test:8080/', 'http://gate.test:8080'],
    ['http://127.0.0.1:3103/v1/', 'http://127.0.0.1:3103/v1'],
    ['http://[::1]:3103/v1', 'http://[::1]:3103/v1'],
    ['http://xn--bcher-kva.test/v1', 'http://xn--bcher-kva.test/v1'],
    ['http://gate.test/v1/receivers/%2B12025550123', 'http://gate.test/v1/receivers/%2B12025550123'],
  ])('has one spelling: %s', (given, normal) => {
    expect(outsideBaseUrl(given)).toBe(normal);
  });

  it.each([
    '',
    'gate.test/v1',
    '//gate.test/v1',
    'https:gate.test/v1',
    'https:/gate.test/v1',
    'https:///gate.test/v1',
    'https:\\\\gate.test\\v1',
    'https://gate.test\\v1',
    'https://gate.test/v1\\x',
    ' https://gate.test/v1',
    'https://gate.test/v1\n',
    'https://gate.te\tst/v1',
    'https://gate.test/v1/a b',
    'https://gate.test/v1/\u0000',
    'https://gate.test/v1/\u202ex',
    'ftp://gate.test/v1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'https://user@gate.test/v1',
    'https://user:password@gate.test/v1',
    'https://@gate.test/v1',
    'https://gate.test@stranger.test/v1',
    'https://gate.test%40stranger.test/v1',
    'https://gate.test./v1',
    'https://gate.test../v1',
    'https://gäte.test/v1',
    'https://ｇate.test/v1',
    'https://gate。test/v1',
    'https://%67ate.test/v1',
    'https://gate.test:/v1',
    'https://gate.test:0443/v1',
    'https://gate.test:0/v1',
    'https://gate.test:65536/v1',
    'https://gate.test:443:443/v1',
    'http://2130706433/v1',
    'http://0x7f000001/v1',
    'http://0177.0.0.1/v1',
    'http://127.1/v1',
    'http://127.0.0.1./v1',
    'http://[0:0:0:0:0:0:0:1]/v1',
    'http://[::ffff:127.0.0.1]/v1',
    'http://[::1%25eth0]/v1',
    'https://gate.test/v1?x=1',
    'https://gate.test/v1?',
    'https://gate.test/v1#x',
    'https://gate.test/v1#',
    'https://gate.test//v1',
    'https://gate.test/v1//receivers',
    'https://gate.test/v1//',
    'https://gate.test/dfsp1/../dfsp2/v1',
    'https://gate.test/dfsp2/v1/..',
    'https://gate.test/dfsp2/./v1',
    'https://gate.test/dfsp2/v1/.',
    'https://gate.test/dfsp1/%2e%2e/dfsp2/v1',
    'https://gate.test/dfsp1/%2E./dfsp2/v1',
    'https://gate.test/dfsp1/.%2e/dfsp2/v1',
    'https://gate.test/dfsp1%2Fv1',
    'https://gate.test/dfsp1%5cv1',
    'https://gate.test/dfsp1%252fv1',
    'https://gate.test/dfsp1%00/v1',
    'https://gate.test/dfsp1%0a/v1',
    'https://gate.test/dfsp1%/v1',
    'https://gate.test/dfsp1%zz/v1',
    'https://gate.test/dfspä/v1',
    'https://gate.test/<script>',
    `https://gate.test/${'x'.repeat(1_024)}`,
  ])('is none when it can be read in two ways, or says more: %j', (text) => {
    expect(outsideUrl(text)).toBeUndefined();
  });

  it.each([
    ['https://gate.test/dfsp2/v1', true],
    ['https://gate.test/dfsp2/v1/', true],
    ['https://gate.test/dfsp2/v1/receivers/1', true],
    ['HTTPS://GATE.test:443/dfsp2/v1/receivers/1', true],
    ['https://gate.test/dfsp2/invoice/1', true],
    ['https://gate.test/dfsp2/receiver/invoice', true],
    ['https://gate.test/dfsp2/receivers/1', false],
    ['https://gate.test/dfsp2/invoice/1/2', false],
    ['https://gate.test/dfsp2/v10/receivers/1', false],
    ['https://gate.test/dfsp2/V1/receivers/1', false],
    ['https://gate.test/dfsp2x/v1/receivers/1', false],
    ['https://gate.test/dfsp1/v1/receivers/1', false],
    ['https://gate.test/v1/receivers/1', false],
    ['https://gate.test:8443/dfsp2/v1/receivers/1', false],
    ['http://gate.test/dfsp2/v1/receivers/1', false],
    ['https://gate.test.stranger.test/dfsp2/v1', false],
    ['https://stranger.test/dfsp2/v1', false],
  ])('belongs to a base URL by whole segments: %s %s', (text, isThere) => {
    expect(belongsTo(outsideUrl(text)!, BASE)).toBe(isThere);
  });

  it('has a path below its base URL', () => {
    expect(pathBelow(outsideUrl(`${BASE}/receivers/1`)!, `${BASE}/`)).toBe('/receivers/1');
    expect(pathBelow(outsideUrl(BASE)!, BASE)).toBe('');
    expect(pathBelow(outsideUrl(`${BASE}x/1`)!, BASE)).toBeUndefined();
  });
});
