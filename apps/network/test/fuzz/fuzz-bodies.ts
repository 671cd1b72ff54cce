import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';

/** What is sent as a body, or as one websocket frame. */
export interface FuzzedBody {
  bytes: Buffer;
  headers: Record<string, string>;
}

const JSON_TYPE = 'application/json';
/** Stands in a body where a text that is written as it is takes its place. */
const MARK = '@@fuzzed@@';
const MARK_TEXT = JSON.stringify(MARK);

export function deepList(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

export function deepObject(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

const TEXTS = [
  '',
  ' ',
  'a\u0000b',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\u202e\u200b\ufeff',
  '💩'.repeat(300),
  'x'.repeat(5_000),
  "'; DROP TABLE accounts; --",
  '../../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'NaN',
  '%00%ff',
  '\r\nset-cookie: a=b',
  '<script>alert(1)</script>',
  '#{7*7}',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'http://127.0.0.1:1/v1/invoices/x',
  'http://[::1',
  'http://user:secret@127.0.0.1:9/',
  'https://' + 'a'.repeat(2_000) + '.test/',
  '0000-00-00T00:00:00Z',
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.001Z',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  'cc:0:3:' + 'A'.repeat(43) + ':99999999999',
  'cf:0:',
  'levelone.dfsp2.bob',
  'levelone..',
  'AYIB' + 'A'.repeat(400),
];

const AMOUNTS = [
  '0',
  '-0',
  '-1',
  '-10.00',
  '0.001',
  '1e3',
  '1E-7',
  '1e400',
  '+1',
  ' 1',
  '1 ',
  '.5',
  '5.',
  '01',
  '0x10',
  '1_000',
  '1,000.00',
  '٣',
  'Infinity',
  '9'.repeat(30),
  '9'.repeat(400),
  '92233720368547758.08',
  '9223372036854775807',
  '9223372036854775808',
  '1.' + '0'.repeat(50),
];

/** JSON texts that no client would send for anything. */
const VALUES = [
  'null',
  'true',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '-1',
  '0',
  '1e3',
  '1e308',
  '1e400',
  '-0.0',
  '12345678901234567890',
  '9'.repeat(400),
  '1.0000000000000000000001',
  '{"toString":1}',
  '{"length":-1}',
  '{"valueOf":null}',
  '{"then":"x"}',
  '{"toJSON":"x"}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"__proto__":{"isAdmin":true}}',
  '{"\\u005f_proto__":{"isAdmin":true}}',
  '{"a":1,"a":2}',
  '{"":""}',
  '"\\ud800"',
  '"\\u0000"',
  deepList(61),
  deepObject(63),
  deepList(5_000),
  deepObject(5_000),
  `[${'0,'.repeat(9_000)}0]`,
  `"${'x'.repeat(140_000)}"`,
];

const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...AMOUNTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.nat(2_000_000).map((cents) => (cents / 100).toFixed(2)) },
);

/** One value as JSON text, mostly hostile. */
export const hostileJson: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: anyText.map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.constantFrom('null', 'true', '[]', '{}', '[null]', '-1', '0', '0.001', '1e3', '""') },
  { weight: 1, arbitrary: fc.constantFrom(...AMOUNTS.filter((text) => /^-?\d/.test(text))) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 4 }) },
);

/** One text, mostly hostile. */
export const hostileText: fc.Arbitrary<string> = anyText;

const memberNames = fc.oneof(
  fc.constantFrom(
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'hasOwnProperty',
    'id',
    '',
    'a\u0000',
    'x'.repeat(3_000),
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

type Path = (string | number)[];

/** Where in a value something can be put in place of what is there. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, member]) => pathsIn(member, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value)) return value.map((one, index) => (index === Number(name) ? replaced(one, rest, by) : one));
  const members = value as Record<string, unknown>;
  return { ...members, [name]: replaced(members[name], rest, by) };
}

function without(value: unknown, [name, ...rest]: Path): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return undefined;
  if (rest.length === 0) {
    if (Array.isArray(value)) return value.filter((_, index) => index !== Number(name));
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  }
  return replaced(value, [name], without((value as Record<string, unknown>)[name], rest));
}

/** A body as JSON text in which something is wrong; now and then nothing is. */
function mutated(valid: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(valid);
  const paths = pathsIn(valid);
  const at = fc.constantFrom(...paths);
  const put = (path: Path, json: string): string =>
    JSON.stringify(replaced(valid, path, MARK)).replace(MARK_TEXT, () => json);
  return fc.oneof(
    { weight: 8, arbitrary: fc.tuple(at, hostileJson).map(([path, json]) => put(path, json)) },
    {
      weight: 2,
      arbitrary: fc.tuple(at, hostileJson, at, hostileJson).map(([one, json, other, json2]) =>
        other.length > 0 && one.length > 0 && one[0] !== other[0]
          ? JSON.stringify(replaced(replaced(valid, one, `${MARK}1`), other, `${MARK}2`))
              .replace(JSON.stringify(`${MARK}1`), () => json)
              .replace(JSON.stringify(`${MARK}2`), () => json2)
          : put(one, json),
      ),
    },
    { weight: 2, arbitrary: at.map((path) => JSON.stringify(without(valid, path)) ?? '') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(memberNames, hostileJson)
        .map(([name, json]) => text.replace('{', () => `{${JSON.stringify(name)}:${json},`).replace(',}', '}')),
    },
    { weight: 1, arbitrary: hostileJson.map((json) => text.replace(/\}$/, () => `,${firstMember(valid)}:${json}}`)) },
    { weight: 1, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: fc.constantFrom(`[${text}]`, `${text}${text}`, `\ufeff${text}`, JSON.stringify(text)) },
    { weight: 2, arbitrary: fc.constant(text) },
  );
}

function firstMember(valid: unknown): string {
  return JSON.stringify(Object.keys(valid ?? {})[0] ?? 'x');
}

const asJson = (bytes: Buffer | string): FuzzedBody => ({
  bytes: Buffer.from(bytes as string),
  headers: { 'content-type': JSON_TYPE },
});

const ODD_TYPES = [
  'text/plain',
  'text/csv',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-7',
  'application/json; charset=utf-16le',
  'application/json; charset=iso-8859-1',
  'application/json; charset="',
  'application/json;;;',
  'APPLICATION/JSON',
  'application/vnd.api+json',
  'json',
  '*/*',
  'application/octet-stream',
];

/** The text in bytes and under a name that may not be its own. */
function dressed(text: string): fc.Arbitrary<FuzzedBody> {
  const bytes = Buffer.from(text);
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(asJson(bytes)) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...ODD_TYPES).map((type) => ({ bytes, headers: { 'content-type': type } })),
    },
    { weight: 1, arbitrary: fc.constant({ bytes, headers: {} }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('gzip', 'br', 'deflate', 'x', 'identity').map((encoding) => ({
        bytes: encoding === 'gzip' ? gzipSync(bytes) : bytes,
        headers: { 'content-type': JSON_TYPE, 'content-encoding': encoding },
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .nat(bytes.length)
        .map((at) =>
          asJson(Buffer.concat([bytes.subarray(0, at), Buffer.from([0xc3, 0x28, 0xff]), bytes.subarray(at)])),
        ),
    },
  );
}

const WHOLE = [
  '',
  ' ',
  'null',
  '[]',
  '{}',
  '"x"',
  '1',
  'true',
  '{',
  '[',
  '{"a"',
  '\u0000',
  '//',
  "{'a':1}",
  'undefined',
];

/** Bodies of one route, made from its valid ones. */
export function hostileBodies(valid: readonly unknown[]): fc.Arbitrary<FuzzedBody> {
  const whole = fc.oneof(fc.constantFrom(...WHOLE), hostileJson);
  const texts = valid.length === 0 ? whole : fc.oneof(...valid.map(mutated));
  return fc.oneof(
    { weight: 16, arbitrary: texts.chain(dressed) },
    { weight: 1, arbitrary: whole.chain(dressed) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => asJson(Buffer.from(bytes))) },
  );
}
