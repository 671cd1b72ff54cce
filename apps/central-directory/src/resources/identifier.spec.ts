import { describe, expect, it } from '@jest/globals';
import { IDENTIFIER_TYPES, parseIdentifier } from './identifier.js';

function refusal(identifier: unknown, identifierType?: unknown): object {
  try {
    return parseIdentifier(identifier, identifierType);
  } catch (error) {
    return (error as { toBody(): object }).toBody();
  }
}

describe('an identifier', () => {
  it.each([
    ['eur:26547070', undefined, { type: 'eur', value: '26547070' }],
    ['eur:1', 'eur', { type: 'eur', value: '1' }],
    ['26547070', undefined, { type: 'eur', value: '26547070' }],
    ['26547070', 'eur', { type: 'eur', value: '26547070' }],
    ['00000001', undefined, { type: 'eur', value: '00000001' }],
    ['tel:+14155550101', undefined, { type: 'tel', value: '+14155550101' }],
    ['14155550101', 'tel', { type: 'tel', value: '14155550101' }],
  ])('%s of type %s is valid', (identifier, type, expected) => {
    expect(parseIdentifier(identifier, type)).toEqual(expected);
  });

  it('N2: of an unregistered type is refused', () => {
    const message = "'xxx' is not a registered identifierType";
    expect(refusal('xxx:1')).toEqual({
      id: 'InvalidQueryParameterError',
      message,
      validationErrors: [{ message, params: { key: 'identifier', value: 'xxx:1' } }],
    });
    expect(refusal('1', 'xxx')).toMatchObject({
      message,
      validationErrors: [{ params: { key: 'identifierType', value: 'xxx' } }],
    });
  });

  it.each(['toString:1', '__proto__:1', ':1', 'EUR:1'])('N2: %s has no registered type either', (identifier) => {
    expect(refusal(identifier)).toMatchObject({ id: 'InvalidQueryParameterError' });
  });

  it('N3: is refused if it is too long or no number', () => {
    const message = "'123456789' is not a valid identifier for identifierType 'eur'";
    expect(refusal('eur:123456789')).toEqual({
      id: 'InvalidQueryParameterError',
      message,
      validationErrors: [{ message, params: { key: 'identifier', value: 'eur:123456789' } }],
    });
  });

  it.each([
    ['eur:abc', undefined],
    ['eur:', undefined],
    ['eur:1:2', undefined],
    ['eur:1\n', undefined],
    ['murthy1', undefined],
    ['123456789', undefined],
    ['tel:0123', undefined],
    ['tel:1', 'eur'],
    ['', undefined],
    [undefined, undefined],
    [['eur:1', 'eur:2'], undefined],
    ['1', ['eur', 'tel']],
  ])('N3: %j with type %j is refused', (identifier, type) => {
    expect(refusal(identifier, type)).toMatchObject({ id: 'InvalidQueryParameterError', validationErrors: [{}] });
  });

  it('has one of the listed types', () => {
    for (const { identifierType } of IDENTIFIER_TYPES) {
      expect(parseIdentifier('12', identifierType).type).toBe(identifierType);
    }
  });
});
