import { describe, expect, it } from '@jest/globals';
import { Expose, plainToInstance, Transform, Type } from 'class-transformer';
import {
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Min,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { acceptedInstance } from './accepted-dto.js';
import { IsAmount } from './validation.js';

class AmountDto {
  @IsAmount({ allowZero: true })
  amount: string;

  @Matches(/^[A-Z]{3}$/)
  currency: string;
}

class BaseDto {
  @IsOptional()
  @IsString()
  @Length(1, 4)
  note: string = 'none';
}

class OrderDto extends BaseDto {
  @ValidateIf(({ id, code }: OrderDto) => id !== undefined || code === undefined)
  @IsUUID()
  id?: string;

  @IsOptional()
  @IsIn(['a', 'b'])
  code?: string;

  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => AmountDto)
  amount: AmountDto;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AmountDto)
  fees?: AmountDto[];

  @IsOptional()
  @IsInt({ each: true })
  @Min(1, { each: true })
  numbers?: number[];

  @IsOptional()
  @IsObject()
  memo?: object;
}

class ConvertedDto {
  @Transform(({ value }: { value: unknown }) => value === 'true')
  @IsOptional()
  isWanted?: boolean;
}

class RenamedDto {
  @Expose({ name: 'other' })
  @IsString()
  own: string;
}

class CountedDto {
  @Type(() => Number)
  @IsInt()
  count: number;
}

/** What the libraries make of a value; undefined if they find errors. */
function byLibraries(dto: new () => object, value: object): object | undefined {
  const instance = plainToInstance(dto, value, { exposeDefaultValues: true });
  return validateSync(instance, { forbidUnknownValues: false }).length === 0 ? instance : undefined;
}

const AMOUNT = { amount: '1.50', currency: 'USD' };
const GOOD: Record<string, unknown> = {
  id: '110ec58a-a0f2-4ac4-8393-c866d813b8d1',
  code: 'a',
  amount: AMOUNT,
  fees: [AMOUNT, { amount: '0', currency: 'EUR' }],
  numbers: [1, 2],
  memo: { deep: { list: [null, {}] } },
  note: 'abc',
  unknown: 'kept',
};

/** Values that are good for some member, or for none. */
const ANY_VALUE = fc.oneof(
  fc.constantFrom(
    ...Object.values(GOOD),
    '',
    'abcde',
    '-1',
    '1e3',
    null,
    true,
    0,
    1.5,
    [],
    {},
    [AMOUNT, null],
    [[AMOUNT]],
  ),
  fc.constant({ ...AMOUNT, amount: 7 }),
  fc.constant([{ amount: '1', currency: 'usd' }]),
  fc.constant([{ ...AMOUNT, extra: { a: 1 } }]),
);
const CHANGES = fc.dictionary(
  fc.constantFrom(...Object.keys(GOOD), 'toString'),
  fc.option(ANY_VALUE, { nil: 'left out' }),
);

function changed(changes: Record<string, unknown>): object {
  const left = Object.entries({ ...GOOD, ...changes }).filter(([, value]) => value !== 'left out');
  return Object.fromEntries(left);
}

describe('the quick check of a DTO', () => {
  it('accepts a good value, and makes the same instance of it as class-transformer', () => {
    const instance = acceptedInstance(OrderDto, GOOD) as OrderDto;
    expect(instance).toEqual(byLibraries(OrderDto, GOOD));
    expect(instance).toBeInstanceOf(OrderDto);
    expect(instance.fees?.[1]).toBeInstanceOf(AmountDto);
    expect(acceptedInstance(OrderDto, { amount: AMOUNT, code: 'b' })).toMatchObject({ note: 'none' });
  });

  it('accepts nothing that the libraries refuse, whatever the value', () => {
    let accepted = 0;
    fc.assert(
      fc.property(CHANGES, (changes) => {
        const value = changed(changes);
        const quick = acceptedInstance(OrderDto, value);
        if (quick === undefined) return;
        accepted += 1;
        expect(quick).toStrictEqual(byLibraries(OrderDto, value));
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(0);
  });

  it.each([
    ['a member that is missing', { code: 'a' }],
    ['a member of a wrong form', { ...GOOD, amount: { ...AMOUNT, currency: 'usd' } }],
    ['a wrong element of a list', { ...GOOD, fees: [AMOUNT, { amount: 'x', currency: 'USD' }] }],
    ['no object where one is nested', { ...GOOD, amount: 'x' }],
    ['no object in a list', { ...GOOD, fees: [null] }],
    ['a rule for each element', { ...GOOD, numbers: [1, 0] }],
    ['a rule of the class above', { ...GOOD, note: 'abcde' }],
  ])('leaves the error to the libraries: %s', (_what, value) => {
    expect(acceptedInstance(OrderDto, value)).toBeUndefined();
    expect(byLibraries(OrderDto, value)).toBeUndefined();
  });

  it('leaves classes to the libraries whose members are converted or renamed', () => {
    expect(acceptedInstance(ConvertedDto, { isWanted: 'true' })).toBeUndefined();
    expect(acceptedInstance(RenamedDto, { other: 'a' })).toBeUndefined();
    expect(acceptedInstance(CountedDto, { count: '1' })).toBeUndefined();
    expect(byLibraries(CountedDto, { count: '1' })).toEqual({ count: 1 });
  });
});
