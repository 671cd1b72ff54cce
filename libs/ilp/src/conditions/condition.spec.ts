import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  ConditionError,
  conditionOf,
  formatCondition,
  formatFulfillment,
  fulfills,
  parseBareFulfillment,
  parseCondition,
  parseFulfillment,
  sameCondition,
} from './condition.js';

function reasonOf(action: () => unknown): string {
  try {
    action();
    return 'accepted';
  } catch (error) {
    if (error instanceof ConditionError) return error.reason;
    throw error;
  }
}

/** The preimage, or undefined when the text is refused the documented way. */
function readOrRefuse(text: string): Buffer | undefined {
  return reasonOf(() => parseFulfillment(text)) === 'accepted' ? parseFulfillment(text) : undefined;
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const der = (...octets: number[]) => Buffer.from(octets).toString('base64url');
const HASH = 'sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A';
const NI = `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=32`;

const VECTORS = [
  {
    name: 'two bytes, the old spelling',
    preimage: Buffer.from('feff', 'hex'),
    condition: 'cc:0:3:8ZdpKBDUV-KX_OnFZTsCWB_5mlCFI3DynX5f5H2dN-Y:2',
    fulfillment: 'cf:0:_v8',
    spelling: 'cc',
  },
  {
    name: 'the empty preimage',
    preimage: Buffer.alloc(0),
    condition: 'ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU?fpt=preimage-sha-256&cost=0',
    fulfillment: 'oAKAAA',
    spelling: 'ni',
  },
  {
    name: 'a payment',
    preimage: Buffer.from('hi8Rtk8WiOQkwv5bpeXrSoRj41bPXR8c3hfn5i_6zyQ', 'base64url'),
    condition: NI,
    fulfillment: 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k',
    spelling: 'ni',
  },
  {
    name: 'bytes 00..1f',
    preimage: Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
    condition: 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32',
    fulfillment: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
    spelling: 'ni',
  },
] as const;

describe('the contract vectors', () => {
  it.each(VECTORS)('$name', ({ preimage, condition, fulfillment, spelling }) => {
    expect(conditionOf(preimage, spelling)).toBe(condition);
    expect(formatFulfillment(preimage, spelling)).toBe(fulfillment);
    expect(parseFulfillment(fulfillment)).toEqual(preimage);
    expect(fulfills(parseCondition(condition), parseFulfillment(fulfillment))).toBe(true);
  });

  it('"hello world." does not meet the condition of the unmet example', () => {
    const preimage = parseFulfillment('oA6ADGhlbGxvIHdvcmxkLg');
    expect(preimage.toString('utf8')).toBe('hello world.');
    expect(createHash('sha256').update(preimage).digest('base64url')).toBe(
      'fdsicxX0IyUPxn875pxURijf_kF1KvkcUK4KnEn664c',
    );
    const condition = parseCondition(
      'ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk?fpt=preimage-sha-256&cost=12',
    );
    expect(fulfills(condition, preimage)).toBe(false);
  });
});

describe('parseCondition', () => {
  it('reads both spellings into hash and length', () => {
    const hash = Buffer.from(HASH, 'base64url');
    expect(parseCondition(NI)).toEqual({ hash, length: 32, spelling: 'ni' });
    expect(parseCondition(`cc:0:3:${HASH}:32`)).toEqual({ hash, length: 32, spelling: 'cc' });
  });

  it('accepts the parameters in any order', () => {
    expect(sameCondition(NI, `ni:///sha-256;${HASH}?cost=32&fpt=preimage-sha-256`)).toBe(true);
  });

  it.each([
    '',
    'garbage',
    HASH,
    `ni:///sha-256;${HASH}`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256`,
    `ni:///sha-256;${HASH}?cost=32`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=032`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=-1`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=32&cost=32`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=32&extra=1`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=32&subtypes=rsa-sha-256`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=32=32`,
    `ni:///sha-256;${HASH}=?fpt=preimage-sha-256&cost=32`,
    `ni:///sha-256;${HASH.slice(1)}?fpt=preimage-sha-256&cost=32`,
    `ni:///sha-256;${HASH.slice(0, -1)}B?fpt=preimage-sha-256&cost=32`,
    `ni://host/sha-256;${HASH}?fpt=preimage-sha-256&cost=32`,
    `${NI}\n`,
    ` ${NI}`,
    `cc:0:3:${HASH}`,
    `cc:0:3:${HASH}:032`,
    `cc:0:3:${HASH.slice(1)}:32`,
    'cc:0:3::0',
    `cc:00:3:${HASH}:32`,
    `cc:0:0:${HASH}:32`,
    `cc:0:3:${HASH}:32\n`,
  ])('finds %p malformed', (text) => {
    expect(reasonOf(() => parseCondition(text))).toBe('malformed');
  });

  it.each([
    `ni:///sha-256;${HASH}?fpt=threshold-sha-256&cost=2000&subtypes=preimage-sha-256,rsa-sha-256`,
    `ni:///sha-256;${HASH}?fpt=ed25519-sha-256&cost=131072`,
    `ni:///sha-512;${HASH}?fpt=preimage-sha-512&cost=32`,
    `ni:///sha-256;${HASH}?fpt=preimage-sha-256&cost=65536`,
    `cc:2:2b:${HASH}:146`,
    `cc:4:20:${HASH}:96`,
    `cc:0:7:${HASH}:32`,
    `cc:0:3:${HASH}:65536`,
  ])('finds %p unsupported', (text) => {
    expect(reasonOf(() => parseCondition(text))).toBe('unsupported');
  });

  it('refuses values that are no text', () => {
    expect(reasonOf(() => parseCondition(undefined as unknown as string))).toBe('malformed');
    expect(reasonOf(() => parseCondition(NI + '&'.repeat(100_000)))).toBe('malformed');
  });
});

describe('sameCondition', () => {
  it('compares hash and length over both spellings', () => {
    fc.assert(
      fc.property(bytes(300), (preimage) => {
        expect(sameCondition(conditionOf(preimage, 'ni'), conditionOf(preimage, 'cc'))).toBe(true);
      }),
    );
    expect(sameCondition(NI, `cc:0:3:${HASH}:33`)).toBe(false);
    expect(sameCondition(NI, conditionOf(Buffer.alloc(32)))).toBe(false);
    expect(reasonOf(() => sameCondition(NI, 'garbage'))).toBe('malformed');
  });

  it('is kept by formatting', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(65_535), (hash, length) => {
        const condition = { hash: Buffer.from(hash), length };
        expect(parseCondition(formatCondition(condition))).toEqual({ ...condition, spelling: 'ni' });
        expect(parseCondition(formatCondition(condition, 'cc'))).toEqual({ ...condition, spelling: 'cc' });
      }),
    );
  });
});

describe('fulfills', () => {
  const preimage = Buffer.from('feff', 'hex');
  const hash = createHash('sha256').update(preimage).digest();

  it('requires the exact length for ni, and at most the length for cc', () => {
    expect(fulfills({ hash, length: 2, spelling: 'ni' }, preimage)).toBe(true);
    expect(fulfills({ hash, length: 3, spelling: 'ni' }, preimage)).toBe(false);
    expect(fulfills({ hash, length: 1, spelling: 'ni' }, preimage)).toBe(false);
    expect(fulfills({ hash, length: 3, spelling: 'cc' }, preimage)).toBe(true);
    expect(fulfills({ hash, length: 1, spelling: 'cc' }, preimage)).toBe(false);
  });

  it('accepts both spellings of the fulfillment for both spellings of the condition', () => {
    const spellings = fc.constantFrom('ni' as const, 'cc' as const);
    fc.assert(
      fc.property(bytes(300), spellings, spellings, (secret, ofCondition, ofFulfillment) => {
        const condition = parseCondition(conditionOf(secret, ofCondition));
        expect(fulfills(condition, parseFulfillment(formatFulfillment(secret, ofFulfillment)))).toBe(true);
        expect(fulfills(condition, Buffer.concat([secret, Buffer.from([0])]))).toBe(false);
      }),
    );
  });
});

describe('parseFulfillment', () => {
  it.each([0, 1, 32, 123, 124, 125, 126, 127, 128, 129, 255, 256, 65_531, 65_535])(
    'round-trips a preimage of %p bytes',
    (length) => {
      const preimage = Buffer.alloc(length, 7);
      expect(parseFulfillment(formatFulfillment(preimage))).toEqual(preimage);
      expect(parseFulfillment(formatFulfillment(preimage, 'cc'))).toEqual(preimage);
    },
  );

  it('uses the long form of lengths from 128 on', () => {
    const long = Buffer.from(formatFulfillment(Buffer.alloc(128)), 'base64url');
    expect(long.subarray(0, 6)).toEqual(Buffer.from([0xa0, 0x81, 0x83, 0x80, 0x81, 0x80]));
    const longer = Buffer.from(formatFulfillment(Buffer.alloc(256)), 'base64url');
    expect(longer.subarray(0, 8)).toEqual(Buffer.from([0xa0, 0x82, 0x01, 0x04, 0x80, 0x82, 0x01, 0x00]));
  });

  it('starts a 32-byte preimage with oCKAI, in 48 characters', () => {
    const text = formatFulfillment(Buffer.alloc(32, 1));
    expect(text).toMatch(/^oCKAI.{43}$/);
  });

  it.each([
    ['nothing', ''],
    ['garbage', 'garbage!'],
    ['one stray character', 'oAKAA'],
    ['padding', 'oAKAAA=='],
    ['white space', 'oAKAAA\n'],
    ['the other alphabet', 'oCKAIIYvEbZPFojkJML+W6Xl60qEY+NWz10fHN4X5+Yv+s8k'],
    ['stray bits', 'oAKAAB'],
    ['the bare form', 'hi8Rtk8WiOQkwv5bpeXrSoRj41bPXR8c3hfn5i_6zyQ'],
    ['a tag alone', der(0xa0)],
    ['an empty wrapper', der(0xa0, 0)],
    ['bytes behind', der(0xa0, 2, 0x80, 0, 0)],
    ['bytes behind the preimage', der(0xa0, 3, 0x80, 0, 0)],
    ['too few bytes', der(0xa0, 3, 0x80, 1)],
    ['a preimage longer than its wrapper', der(0xa0, 2, 0x80, 1)],
    ['the indefinite form', der(0xa0, 0x80, 0x80, 0, 0, 0)],
    ['a length that is not minimal', der(0xa0, 0x81, 2, 0x80, 0)],
    ['a length with a leading zero', der(0xa0, 0x82, 0, 2, 0x80, 0)],
    ['an inner length that is not minimal', der(0xa0, 3, 0x80, 0x81, 0)],
    ['a length of five bytes', der(0xa0, 0x85, 0, 0, 0, 0, 2, 0x80, 0)],
    ['another inner tag', der(0xa0, 2, 0x81, 0)],
    ['a DER type that is no fulfillment', der(0x30, 0)],
    ['another type cut short', der(0xa2, 5, 0)],
    ['too long a preimage', formatFulfillment(Buffer.alloc(65_536))],
    ['too long a preimage, old spelling', formatFulfillment(Buffer.alloc(65_536), 'cc')],
    ['far too much text', 'A'.repeat(1_000_000)],
    ['cf without a payload field', 'cf:0'],
    ['cf with padding', 'cf:0:_v8='],
    ['cf with stray bits', 'cf:0:_v9'],
    ['cf with one stray character', 'cf:0:_v8AA'],
    ['cf with white space', 'cf:0:_v8\n'],
    ['cf of no type', 'cf:x:_v8'],
  ])('finds %s malformed', (_name, text) => {
    expect(reasonOf(() => parseFulfillment(text))).toBe('malformed');
  });

  it.each([
    ['prefix', der(0xa1, 2, 0x80, 0)],
    ['threshold', der(0xa2, 4, 0xa0, 0, 0xa1, 0)],
    ['rsa', der(0xa3, 0)],
    ['ed25519', der(0xa4, 2, 0x80, 0)],
    ['cf of another type', 'cf:4:_v8'],
  ])('finds %s unsupported', (_name, text) => {
    expect(reasonOf(() => parseFulfillment(text))).toBe('unsupported');
  });

  it('reads a changed fulfillment as the preimage that it encodes, or refuses it', () => {
    const spelling = fc.constantFrom('ni' as const, 'cc' as const);
    const changes = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(bytes(200), spelling, changes, (preimage, spelled, [position, change]) => {
        const prefix = spelled === 'cc' ? 'cf:0:' : '';
        const original = formatFulfillment(preimage, spelled);
        const octets = Buffer.from(original.slice(prefix.length), 'base64url');
        fc.pre(octets.length > 0);
        const at = position % octets.length;
        octets.writeUInt8(octets.readUInt8(at) ^ change, at);
        const text = prefix + octets.toString('base64url');
        const read = readOrRefuse(text);
        expect(read === undefined || formatFulfillment(read, spelled) === text).toBe(true);
        expect(read === undefined || !fulfills(parseCondition(conditionOf(preimage)), read)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses every other text with a ConditionError', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.base64String(),
      bytes(20).map((octets) => octets.toString('base64url')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        expect(() => readOrRefuse(text)).not.toThrow();
      }),
    );
  });
});

describe('parseBareFulfillment', () => {
  it('reads 43 characters, nothing else', () => {
    const bare = 'hi8Rtk8WiOQkwv5bpeXrSoRj41bPXR8c3hfn5i_6zyQ';
    expect(conditionOf(parseBareFulfillment(bare))).toBe(NI);
    expect(reasonOf(() => parseBareFulfillment(`${bare}=`))).toBe('malformed');
    expect(reasonOf(() => parseBareFulfillment('oAKAAA'))).toBe('malformed');
  });
});
