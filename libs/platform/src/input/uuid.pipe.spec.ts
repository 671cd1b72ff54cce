import { describe, expect, it } from '@jest/globals';
import { UuidPipe } from './uuid.pipe.js';

const ID = '110EC58A-a0f2-4ac4-8393-c866d813b8d1';
const pipe = new UuidPipe();

describe('an id in a path', () => {
  it('is passed on in lower case', () => {
    expect(pipe.transform(ID, { type: 'param', data: 'paymentId' })).toBe(ID.toLowerCase());
  });

  it.each(['', 'x', `${ID}0`, ID.replaceAll('-', '')])('must not be %j; the error names the parameter', (text) => {
    const refused = { status: 400, id: 'InvalidUriParameterError', message: 'paymentId is not a valid Uuid' };
    const convert = () => pipe.transform(text, { type: 'param', data: 'paymentId' });
    expect(convert).toThrow(expect.objectContaining(refused));
  });
});
