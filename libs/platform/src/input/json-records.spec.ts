import { describe, expect, it } from '@jest/globals';
import { atOnce } from '@level-one/work';
import fc from 'fast-check';
import { inputLimits, parseJsonInput } from './input-gate.js';
import { BadRecord, parseRecordSteps } from './json-records.js';

const LIMITS = inputLimits(128 * 1024);
const parse = (json: string): any => atOnce(parseRecordSteps(json, 'rows', LIMITS));

describe('a list of records in JSON', () => {
  it('is read as any JSON, if nothing is wrong with it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.jsonValue()), (more, rows) => {
        const json = JSON.stringify({ more, rows });
        let strict: unknown;
        try {
          strict = parseJsonInput(json);
        } catch {
          return;
        }
        expect(parse(json)).toEqual(strict);
      }),
    );
  });

  it('loses only the records that cannot be read', () => {
    const { rows, note } = parse(
      String.raw`{ "note": "a,]\"[", "rows": [ {"a": "x\u0000y"} , [1, {"b": 0.12345678901234567890}], {"c": 1, "c": 2},
        "\ud83d\ude00", {"d": {"toString": 1}}, 1e999, {"rows": ["e"]} ] }`,
    );
    expect(note).toBe('a,]"[');
    expect(rows).toEqual([
      { a: 'x\ufffdy' },
      [1, { b: '0.12345678901234567890' }],
      new BadRecord('must not name a member twice'),
      '\u{1f600}',
      new BadRecord('must not have a member named toString'),
      '1e999',
      { rows: ['e'] },
    ]);
  });

  it.each([
    ['no JSON', '{"rows": [{"a": "\\u0000"}'],
    ['a text beside its records that cannot be stored', '{"note": "\\u0000", "rows": [{"a": "\\u0000"}]}'],
    ['a list of another name', '{"list": [{"a": "\\u0000"}]}'],
    ['a list that is not in the outermost object', '{"in": {"rows": [{"a": "\\u0000"}]}}'],
    ['two lists', '{"rows": ["\\u0000"], "rows": []}'],
    ['a list without brackets', '{"rows": {"a": "\\u0000"}}'],
    ['more levels than are allowed', `{"rows": ["\\u0000", ${'['.repeat(300)}${']'.repeat(300)}]}`],
  ])('is refused as a whole for %s', (_what, json) => {
    expect(() => parse(json)).toThrow(/^(must not|is not valid)/);
  });
});
