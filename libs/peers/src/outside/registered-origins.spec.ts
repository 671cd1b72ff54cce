import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CentralDirectoryClient } from '../clients/central-directory.client.js';
import type { DfspOriginsDto } from '../wire/lookup/directory.dto.js';
import { RegisteredOrigins } from './registered-origins.js';
import { SigningKey } from '../signing/signing-key.js';

const SECOND = 1_000;
const { publicKey } = SigningKey.of('a', '01'.repeat(32));

describe('A7: what DFSPs registered', () => {
  let now: number;
  let asked: number;
  let isDown: boolean;
  let hangs: boolean;
  let dfsps: DfspOriginsDto[];
  let registered: RegisteredOrigins;

  const dfsp1 = (...keyIds: string[]): DfspOriginsDto => ({
    shortName: 'dfsp1',
    providerUrl: 'http://dfsp1.test/v1',
    origins: ['http://dfsp1.test'],
    keys: keyIds.map((keyId) => ({ keyId, publicKey })),
  });
  const ownerOf = async (keyId: string) => (await registered.keyOf(keyId))?.dfsp;

  beforeEach(() => {
    now = 0;
    asked = 0;
    isDown = false;
    hangs = false;
    dfsps = [dfsp1('a')];
    const directory = {
      dfsps: async () => {
        asked += 1;
        if (isDown) throw new Error('down');
        if (hangs) await new Promise(() => undefined);
        return dfsps;
      },
    };
    registered = new RegisteredOrigins(directory as CentralDirectoryClient, () => now);
  });

  it('is asked once, and again after 10 s: a retired key is taken no longer than that', async () => {
    for (let i = 0; i < 10; i += 1) expect(await ownerOf('a')).toBe('dfsp1');
    expect(asked).toBe(1);
    dfsps = [dfsp1('b')];
    now += 9 * SECOND;
    expect(await ownerOf('a')).toBe('dfsp1');
    now += 2 * SECOND;
    expect(await ownerOf('a')).toBeUndefined();
    expect(await ownerOf('b')).toBe('dfsp1');
  });

  it('learns a new key when it is used, but asks no more than once a second for unknown ones', async () => {
    expect(await ownerOf('a')).toBe('dfsp1');
    now += 2 * SECOND;
    dfsps = [dfsp1('a', 'b')];
    expect(await ownerOf('b')).toBe('dfsp1');
    expect(asked).toBe(2);
    for (let i = 0; i < 100; i += 1) {
      expect(await ownerOf(`nobody's ${i}`)).toBeUndefined();
      now += 10;
    }
    expect(asked).toBe(2);
    now += SECOND;
    await Promise.all(Array.from({ length: 100 }, (_, i) => ownerOf(`nobody's ${i}`)));
    expect(asked).toBe(3);
  });

  it('serves on while the directory is down, and is 502 while nothing was ever told', async () => {
    isDown = true;
    await expect(ownerOf('a')).rejects.toMatchObject({ status: 502, id: 'ExternalError' });
    isDown = false;
    now += 2 * SECOND;
    expect(await ownerOf('a')).toBe('dfsp1');
    isDown = true;
    now += 3_600 * SECOND;
    expect(await ownerOf('a')).toBe('dfsp1');
    const before = asked;
    for (let i = 0; i < 10; i += 1) expect(await ownerOf('a')).toBe('dfsp1');
    expect(asked).toBe(before);
  });

  it('tells what it knows at once while unknown keys make it ask a directory that hangs', async () => {
    expect(await ownerOf('a')).toBe('dfsp1');
    hangs = true;
    now += 2 * SECOND;
    const unknown = ownerOf("nobody's").then(() => 'unknown first');
    expect(await Promise.race([unknown, ownerOf('a')])).toBe('dfsp1');
    await unknown;
  });

  it('leaves out what is no key', async () => {
    dfsps = [Object.assign(dfsp1(), { keys: [{ keyId: 'a', publicKey: 'x' }] })];
    expect(await ownerOf('a')).toBeUndefined();
  });

  it('finds what a DFSP issued under a base URL of before under the one that replaced it', async () => {
    const moved = { providerUrl: 'http://new.test/spsp/v1', schemeAdapterUrl: 'http://new.test/adapter' };
    const formerUrls = [
      { url: 'http://dfsp1.test/v1', kind: 'provider' as const },
      { url: 'http://dfsp1.test/adapter', kind: 'schemeAdapter' as const },
    ];
    dfsps = [Object.assign(dfsp1('a'), moved, { formerUrls })];
    const placeOf = async (url: string) => (await registered.placeOf(url))?.url.href;
    expect(await placeOf('http://dfsp1.test/v1/invoices/7')).toBe('http://new.test/spsp/v1/invoices/7');
    expect(await placeOf('http://dfsp1.test/invoice/7')).toBe('http://new.test/spsp/invoice/7');
    expect(await placeOf('http://dfsp1.test/adapter/quotes')).toBe('http://new.test/adapter/quotes');
    expect(await placeOf('http://new.test/spsp/v1/invoices/7')).toBe('http://new.test/spsp/v1/invoices/7');
    expect(await placeOf('http://dfsp1.test/v10/invoices/7')).toBeUndefined();
    expect((await registered.adapterOwnerOf('http://dfsp1.test/adapter'))?.schemeAdapterUrl).toBe(
      moved.schemeAdapterUrl,
    );
  });

  it('says that a DFSP is suspended, which passes', async () => {
    dfsps = [Object.assign(dfsp1(), { status: 'suspended' as const })];
    await expect(registered.ownerOf('http://dfsp1.test/v1/invoices/7')).rejects.toMatchObject({ status: 503 });
    expect(await ownerOf('a')).toBeUndefined();
  });
});
