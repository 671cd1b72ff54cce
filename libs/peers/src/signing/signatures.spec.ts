import { beforeEach, describe, expect, it } from '@jest/globals';
import { httpbis } from 'http-message-signatures';
import { createPublicKey, verify } from 'node:crypto';
import { contentDigest } from './content-digest.js';
import { RequestSigner } from './request-signer.js';
import { isSigned, type SignedRequest, SignatureVerifier } from './signature-verifier.js';
import { publicKeyOf, SIGNING_SEED, SigningKey } from './signing-key.js';

const WINDOW_S = 60;
const URL_OF_SETUP = 'https://gate.dfsp2.test/dfsp2/spsp/v1/setup?x=1';
const BODY = '{"amount":"10.40"}';

const seed = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);
const dfsp1 = SigningKey.of('dfsp1-a', seed(1));
const dfsp1Second = SigningKey.of('dfsp1-b', seed(2));
const dfsp3 = SigningKey.of('dfsp3-a', seed(3));

describe('the library for HTTP message signatures', () => {
  const PUBLIC = createPublicKey(
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----',
  );
  const REQUEST = {
    method: 'POST',
    url: 'https://example.com/foo?param=Value&Pet=dog',
    headers: {
      host: 'example.com',
      date: 'Tue, 20 Apr 2021 02:07:55 GMT',
      'content-type': 'application/json',
      'content-length': '18',
      'signature-input':
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      signature: 'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    },
  };
  const check = (request: typeof REQUEST) =>
    httpbis.verifyMessage(
      { keyLookup: async () => ({ verify: async (data, signature) => verify(null, data, PUBLIC, signature) }) },
      request,
    );

  it('takes the example of RFC 9421, appendix B.2.6, and no other path or date', async () => {
    expect(await check(REQUEST)).toBe(true);
    expect(await check({ ...REQUEST, url: 'https://example.com/bar?param=Value&Pet=dog' })).toBe(false);
    expect(await check({ ...REQUEST, headers: { ...REQUEST.headers, date: 'x' } })).toBe(false);
  });
});

describe('a request between DFSPs', () => {
  let now: number;
  let known: Map<string, { dfsp: string; key: SigningKey }>;
  let verifier: SignatureVerifier;
  let used: { has: (id: string) => boolean; add: (id: string) => void };

  /** One instance of a role; all share what they used. */
  const newInstance = (): SignatureVerifier => {
    const keyOf = async (keyId: string) => {
      const found = known.get(keyId);
      return found && { dfsp: found.dfsp, key: publicKeyOf(found.key.publicKey)! };
    };
    return new SignatureVerifier({ keyOf }, WINDOW_S, used, () => now);
  };

  beforeEach(() => {
    now = Date.now();
    known = new Map([
      ['dfsp1-a', { dfsp: 'dfsp1', key: dfsp1 }],
      ['dfsp1-b', { dfsp: 'dfsp1', key: dfsp1Second }],
      ['dfsp3-a', { dfsp: 'dfsp3', key: dfsp3 }],
    ]);
    const taken = new Set<string>();
    used = { has: (id) => taken.has(id), add: (id) => void taken.add(id) };
    verifier = newInstance();
  });

  const signedBy = async (key: SigningKey, changes: Partial<SignedRequest> = {}): Promise<SignedRequest> => ({
    method: 'POST',
    targetUri: URL_OF_SETUP,
    headers: await new RequestSigner(key).headersFor({ method: 'POST', url: URL_OF_SETUP, body: BODY }),
    ...changes,
  });
  const refusal = async (request: SignedRequest): Promise<unknown> =>
    verifier.verify(request).then(
      (proof) => proof,
      ({ status, id, message }: { status: number; id: string; message: string }) => `${status} ${id} ${message}`,
    );

  it('is proven by its signature, by either of two keys', async () => {
    const proof = { dfsp: 'dfsp1', bodySha256: contentDigest(BODY).slice('sha-256=:'.length, -1) };
    const request = await signedBy(dfsp1);
    expect(isSigned(request.headers)).toBe(true);
    expect(await verifier.verify(request)).toEqual(proof);
    expect(await verifier.verify(await signedBy(dfsp1Second))).toEqual(proof);
    expect(await verifier.verify(await signedBy(dfsp3))).toMatchObject({ dfsp: 'dfsp3' });
  });

  it('without a body carries the digest of no bytes', async () => {
    const headers = await new RequestSigner(dfsp1).headersFor({ method: 'GET', url: URL_OF_SETUP });
    expect(headers['content-digest']).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
    expect(await verifier.verify({ method: 'GET', targetUri: URL_OF_SETUP, headers })).toMatchObject({ dfsp: 'dfsp1' });
  });

  it('is refused when method, target or digest are not those that were signed', async () => {
    const wrong = '401 Unauthorized The signature of the request is refused: it does not fit the request';
    expect(await refusal(await signedBy(dfsp1, { method: 'PUT' }))).toBe(wrong);
    for (const targetUri of [
      'https://gate.dfsp2.test/dfsp2/spsp/v1/setup?x=2',
      'https://gate.dfsp2.test/dfsp2/spsp/v1/setup',
      'https://gate.dfsp2.test/v1/setup?x=1',
      'http://gate.dfsp2.test/dfsp2/spsp/v1/setup?x=1',
      'https://dfsp3.test/dfsp2/spsp/v1/setup?x=1',
    ]) {
      expect(await refusal(await signedBy(dfsp1, { targetUri }))).toBe(wrong);
    }
    const { headers } = await signedBy(dfsp1);
    const other = { ...headers, 'content-digest': contentDigest('{}') };
    expect(await refusal(await signedBy(dfsp1, { headers: other }))).toBe(wrong);
  });

  it('is refused without a digest, whoever left it out', async () => {
    const { headers } = await signedBy(dfsp1);
    const { 'content-digest': _, ...others } = headers;
    expect(await refusal(await signedBy(dfsp1, { headers: others }))).toMatch(/Content-Digest with sha-256 is missing/);
    const sha512 = { ...headers, 'content-digest': 'sha-512=:AAAA:' };
    expect(await refusal(await signedBy(dfsp1, { headers: sha512 }))).toMatch(/Content-Digest with sha-256 is missing/);
  });

  it('is refused when it is too old or of the future, and says what the clock is', async () => {
    const request = await signedBy(dfsp1);
    const signedAt = now;
    for (const offsetS of [WINDOW_S + 2, -WINDOW_S - 2]) {
      now = signedAt + offsetS * 1_000;
      expect(await refusal(request)).toContain(`the clock here, which says ${new Date(now).toISOString()}`);
    }
    for (const offsetS of [WINDOW_S - 2, -WINDOW_S + 2]) {
      now = signedAt + offsetS * 1_000;
      expect(await refusal(await signedBy(dfsp1, await signedBy(dfsp1)))).toMatchObject({ dfsp: 'dfsp1' });
    }
  });

  it('is refused for an unknown key, a retired one, and another DFSP’s under this name', async () => {
    const unknown = /no DFSP has a key of this keyid/;
    expect(await refusal(await signedBy(SigningKey.of('dfsp9-a', seed(1))))).toMatch(unknown);
    known.delete('dfsp1-a');
    expect(await refusal(await signedBy(dfsp1))).toMatch(unknown);
    expect(await refusal(await signedBy(SigningKey.of('dfsp1-b', seed(3))))).toMatch(/does not fit/);
  });

  it('is refused when it comes again', async () => {
    const request = await signedBy(dfsp1);
    expect(await refusal(request)).toMatchObject({ dfsp: 'dfsp1' });
    expect(await refusal(request)).toMatch(/it was used before/);
    now += (WINDOW_S - 1) * 1_000;
    expect(await refusal(request)).toMatch(/it was used before/);
  });

  it('is refused at every instance of the role when one has taken it', async () => {
    const other = newInstance();
    const request = await signedBy(dfsp1);
    expect(await refusal(request)).toMatchObject({ dfsp: 'dfsp1' });
    await expect(other.verify(request)).rejects.toMatchObject({ status: 401 });
    // From then on it takes nothing there of what its DFSP may send.
    const assertAllowed = async (): Promise<void> => Promise.reject(new Error('asked'));
    await expect(other.verify(request, assertAllowed)).rejects.toMatchObject({ status: 401 });
  });

  it('A8: is remembered only where its DFSP may send it, and for no other DFSP is one forgotten', async () => {
    const first = await signedBy(dfsp3);
    await verifier.verify(first);
    let left = 3;
    const tooMany = Object.assign(new Error('too many'), { status: 429 });
    const allowed = async (dfsp: string): Promise<void> => {
      expect(dfsp).toBe('dfsp1');
      left -= 1;
      if (left < 0) throw tooMany;
    };
    for (let sent = 0; sent < 3; sent += 1) await verifier.verify(await signedBy(dfsp1), allowed);
    const another = await signedBy(dfsp1);
    for (let sent = 0; sent < 5; sent += 1) await expect(verifier.verify(another, allowed)).rejects.toBe(tooMany);
    expect([verifier.rememberedOf('dfsp1'), verifier.rememberedOf('dfsp3')]).toEqual([3, 1]);
    expect(await refusal(first)).toMatch(/it was used before/);
    now += (2 * WINDOW_S + 1) * 1_000;
    expect([verifier.rememberedOf('dfsp1'), verifier.rememberedOf('dfsp3')]).toEqual([0, 0]);
  });

  it('A7: that somebody else sends again takes nothing of what its DFSP may send', async () => {
    const request = await signedBy(dfsp1);
    let taken = 0;
    const take = async (): Promise<void> => void (taken += 1);
    await verifier.verify(request, take);
    await expect(verifier.verify(request, take)).rejects.toMatchObject({ status: 401 });
    expect(taken).toBe(1);
  });

  /** A signature with other parts than ours. */
  const signedOtherwise = async (fields: string[], params: string[], values: object = {}): Promise<SignedRequest> => {
    const { headers: named } = await httpbis.signMessage(
      {
        key: { id: 'dfsp1-a', alg: 'ed25519', sign: async (data) => dfsp1.sign(data) },
        fields,
        params,
        paramValues: { ...values },
      },
      { method: 'POST', url: URL_OF_SETUP, headers: { 'content-digest': contentDigest(BODY), date: 'today' } },
    );
    const headers = Object.fromEntries(Object.entries(named).map(([name, value]) => [name.toLowerCase(), value]));
    return { method: 'POST', targetUri: URL_OF_SETUP, headers };
  };
  const ALL = ['@method', '@target-uri', 'content-digest'];

  it('may cover more, in any order, and leave out nonce and alg', async () => {
    const more = ['date', 'content-digest', '@target-uri', '@authority', '@method'];
    const request = await signedOtherwise(more, ['keyid', 'created']);
    expect(await refusal(request)).toMatchObject({ dfsp: 'dfsp1' });
    expect(await refusal(request)).toMatch(/it was used before/);
  });

  it.each(ALL)('is refused when it does not cover %s', async (left) => {
    const others = ALL.filter((field) => field !== left);
    expect(await refusal(await signedOtherwise(others, ['created', 'keyid']))).toContain(`does not cover ${left}`);
  });

  it('is refused without created, without keyid, and when it has expired', async () => {
    expect(await refusal(await signedOtherwise(ALL, ['keyid']))).toMatch(/created is missing/);
    expect(await refusal(await signedOtherwise(ALL, ['created']))).toMatch(/keyid is missing/);
    const expired = { expires: new Date(Date.now() - 5_000) };
    expect(await refusal(await signedOtherwise(ALL, ['created', 'keyid', 'expires'], expired))).toMatch(/401 Unauth/);
    expect(await refusal(await signedOtherwise(ALL, ['created', 'keyid', 'alg'], { alg: 'hmac-sha256' }))).toMatch(
      /401/,
    );
  });

  it('is refused with two signatures, whoever made them', async () => {
    const [one, other] = [await signedBy(dfsp1), await signedBy(dfsp3)];
    const both = (name: string): string =>
      [String(one.headers[name]), String(other.headers[name]).replace(/^sig=/, 'b=')].join(', ');
    const headers = { ...one.headers, signature: both('signature'), 'signature-input': both('signature-input') };
    expect(await refusal({ ...one, headers })).toMatch(/there is more than one/);
  });

  it.each([
    ['signature', 'nonsense'],
    ['signature', 'sig=:AAAA:'],
    ['signature', 'sig="text"'],
    ['signature', undefined],
    ['signature-input', undefined],
    ['signature-input', 'sig='],
    ['signature-input', 'sig=1;keyid="dfsp1-a";created=1'],
    ['signature-input', `sig=("@method");created=${'9'.repeat(3_000)}`],
    ['signature-input', 'sig=("@method" "@target-uri" "content-digest");created="now";keyid="dfsp1-a"'],
  ])('is refused with %s %j', async (name, value) => {
    const { headers } = await signedBy(dfsp1);
    expect(await refusal(await signedBy(dfsp1, { headers: { ...headers, [name]: value } }))).toMatch(/^401 /);
  });

  it('takes 32 bytes as a key, in three spellings', () => {
    const bytes = Buffer.from(seed(7), 'hex');
    for (const text of [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]) {
      expect(SIGNING_SEED.test(text)).toBe(true);
      expect(SigningKey.of('k', text).publicKey).toBe(SigningKey.of('k', seed(7)).publicKey);
    }
    expect(SIGNING_SEED.test('too short')).toBe(false);
    expect(publicKeyOf('x')).toBeUndefined();
  });
});
