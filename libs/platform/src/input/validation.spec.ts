import { describe, expect, it } from '@jest/globals';
import type { OwnUnit } from '@level-one/money';
import { Type } from 'class-transformer';
import { IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { ContractValidationPipe, IsAmount } from './validation.js';

class OrderDto {
  @IsAmount()
  amount: string;

  @IsOptional()
  @IsString()
  note: string = 'none';
}

const pipe = new ContractValidationPipe();
const asBody = (value: unknown) => pipe.transform(value, { type: 'body', metatype: OrderDto });

async function refusal(value: unknown, type: 'body' | 'query' = 'body'): Promise<object> {
  try {
    return { accepted: await pipe.transform(value, { type, metatype: OrderDto }) };
  } catch (error) {
    const { status, id } = error as { status: number; id: string };
    return { status, id };
  }
}

class PayerDto {
  @MaxLength(8)
  @IsString({ message: 'AccountMissingError' })
  account: string;

  @MaxLength(9)
  @IsString()
  url: string;
}

class PaymentDto {
  @IsString()
  currency: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => OrderDto)
  fee?: OrderDto;

  @IsOptional()
  memo?: object;
}

describe('the validation pipe', () => {
  it('creates the DTO with its defaults', async () => {
    const order = await asBody({ amount: '1.50' });
    expect(order).toBeInstanceOf(OrderDto);
    expect(order).toEqual({ amount: '1.50', note: 'none' });
  });

  it('answers 400 with the fields if a value has the wrong form', async () => {
    expect(await refusal({ amount: 'x' })).toEqual({ status: 400, id: 'InvalidBodyError' });
    expect(await refusal({ amount: '1', note: 1 })).toEqual({ status: 400, id: 'InvalidBodyError' });
    expect(await refusal([])).toEqual({ status: 400, id: 'InvalidBodyError' });
    expect(await refusal({}, 'query')).toEqual({ status: 400, id: 'InvalidUriParameterError' });
  });

  it('answers 422 to a well-formed amount that is not allowed', async () => {
    expect(await refusal({ amount: '0.00' })).toEqual({ status: 422, id: 'UnprocessableEntityError' });
    expect(await refusal({ amount: '0.00', note: 1 })).toEqual({ status: 400, id: 'InvalidBodyError' });
  });

  describe.each<['body' | 'query']>([['body'], ['query']])('field A: in a %s', (type) => {
    const judge = async (value: object, unit?: OwnUnit) =>
      new ContractValidationPipe(unit).transform(value, { type, metatype: PaymentDto });
    const own = { currency: 'UGX', scale: 0, precision: 10 };

    it("accepts the role's own unit as an unknown member, and declared members unchanged", async () => {
      const payment = {
        currency: 'EUR',
        fee: { amount: '1', note: 'none', scale: 0 },
        memo: { currency: 'EUR' },
        currencyScale: 0,
      };
      expect(await judge(payment, own)).toEqual(payment);
    });

    it.each<[object]>([[{ assetCode: 'EUR' }], [{ scale: 2 }], [{ fee: { amount: '1', currency: 'EUR' } }]])(
      'refuses another one: %j',
      async (more) => {
        const refused = { status: 422, id: 'UnprocessableEntityError' };
        await expect(judge({ currency: 'UGX', ...more }, own)).rejects.toMatchObject(refused);
      },
    );

    it('refuses every unit if the role has none', async () => {
      await expect(judge({ currency: 'UGX', scale: 0 })).rejects.toMatchObject({
        status: 422,
        message: 'scale is not understood',
      });
    });
  });

  it('reports a missing field once, by the key of the contract if there is one', async () => {
    const fieldsOf = async (value: unknown) => {
      const error: unknown = await (
        pipe.transform(value, { type: 'body', metatype: PayerDto }) as Promise<unknown>
      ).catch((thrown: unknown) => thrown);
      return (error as { extras: { validationErrors: { message: string }[] } }).extras.validationErrors.map(
        ({ message }) => message,
      );
    };
    expect(await fieldsOf({})).toEqual(['AccountMissingError', 'url is missing']);
    expect(await fieldsOf({ account: 12, url: 'http://long.test' })).toEqual([
      'account must be shorter than or equal to 8 characters',
      'url must be shorter than or equal to 9 characters',
    ]);
  });

  it('treats null as absent', async () => {
    expect(await asBody({ amount: '1.50', note: null })).toEqual({ amount: '1.50', note: 'none' });
    expect(await refusal({ amount: null })).toEqual({ status: 400, id: 'InvalidBodyError' });
  });

  it('does not check values of the framework itself', async () => {
    class Socket {}
    const socket = new Socket();
    expect(await pipe.transform(socket, { type: 'custom', metatype: Socket })).toBe(socket);
  });
});
