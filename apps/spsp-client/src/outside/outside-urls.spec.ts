import { describe, expect, it } from '@jest/globals';
import { type CentralDirectoryClient, type DfspOriginsDto, RegisteredOrigins } from '@level-one/peers';
import { OutsideUrls } from './outside-urls.js';

const DFSP2: DfspOriginsDto = {
  shortName: 'dfsp2',
  providerUrl: 'http://dfsp2.test:3203/v1',
  schemeAdapterUrl: 'http://dfsp2.test:3205/scheme/adapter/v1',
  origins: ['http://dfsp2.test:3203', 'http://dfsp2.test:3205'],
};

const urls = new OutsideUrls(new RegisteredOrigins({ dfsps: async () => [DFSP2] } as CentralDirectoryClient));

describe('a URL from outside', () => {
  it.each([
    ['http://dfsp2.test:3203/v1/receivers/1', 'receiver'],
    ['http://dfsp2.test:3203/v1/invoices/1', 'invoice'],
    ['http://dfsp2.test:3203/v1/receivers/invoices/1', 'invoice'],
    ['http://dfsp2.test:3203/invoice/1', 'invoice'],
  ])('is allowed at a registered SPSP server: %s', async (url, kind) => {
    expect(await urls.receiverUrlOf(url)).toEqual({ kind, url, owner: DFSP2 });
  });

  it.each([
    'http://stranger.test/v1/receivers/1',
    'http://dfsp2.test/v1/receivers/1',
    'https://dfsp2.test:3203/v1/receivers/1',
    'http://dfsp2.test:3205/v1/receivers/1',
    'http://user:password@dfsp2.test:3203/v1/receivers/1',
    'http://dfsp2.test:3203@stranger.test/v1/receivers/1',
    'http://dfsp2.test:3203/v1/receivers/1?x=1',
    'http://dfsp2.test:3203/v1/receivers/1#x',
    'http://dfsp2.test:3203/v1x/receivers/1',
    'http://dfsp2.test:3203/other/v1/receivers/1',
    'http://dfsp2.test:3203/v1/other/../receivers/1',
    'http://dfsp2.test.:3203/v1/receivers/1',
    'http://dfsp2.test:3203\\v1\\receivers\\1',
    'http://dfsp2.test:3203/v1/receivers%2f1',
    'http://dfsp2.test:3203/v1/receivers/',
    'http://dfsp2.test:3203/v1/receivers/..',
    'http://dfsp2.test:3203/v1/receivers/1/../../health',
    'http://dfsp2.test:3203/v1/health',
    'http://dfsp2.test:3203',
  ])('is no receiver otherwise: %s', async (url) => {
    await expect(urls.receiverUrlOf(url)).rejects.toMatchObject({ status: 404, id: 'InvalidReceiverIdError' });
  });

  it.each([
    'http://brian.com',
    'http://stranger.test/v1/invoices/1',
    'http://dfsp2.test:3203/v1/invoices/bad/..',
    'http://dfsp2.test:3203/v1/invoices/bad/1',
    'http://dfsp2.test:3203/v1/receivers/1',
  ])('N24: is no invoice otherwise: %s', async (url) => {
    await expect(urls.invoiceUrlOf(url)).rejects.toMatchObject({ status: 404, id: 'InvoiceNotFoundError' });
  });

  it('is told by its path from one of an invoice', async () => {
    await expect(urls.receiverUrlOf('http://stranger.test/v1/invoices/1')).rejects.toMatchObject({
      id: 'InvoiceNotFoundError',
    });
  });

  it('that is none is 400', async () => {
    await expect(urls.receiverUrlOf('nothing')).rejects.toMatchObject({ status: 400, id: 'InvalidUriParameterError' });
  });

  it.each([
    ['http://dfsp2.test:3203/v1/invoices', 'http://dfsp2.test:3203/v1/invoices'],
    ['http://dfsp2.test:3203/receiver/invoice/', 'http://dfsp2.test:3203/receiver/invoice'],
    ['http://dfsp2.test:3205/scheme/adapter/v1', 'http://dfsp2.test:3205/scheme/adapter/v1/invoices'],
  ])('may take notifications: %s', async (given, called) => {
    expect(await urls.submissionUrlOf(given)).toBe(called);
  });

  it.each(['http://stranger.test/v1/invoices', 'http://dfsp2.test:3203/v1/invoices?x=1'])(
    'takes no notifications: %s',
    async (url) => {
      await expect(urls.submissionUrlOf(url)).rejects.toMatchObject({ status: 404, id: 'UserNotFound' });
    },
  );
});
