import { type Type } from '@nestjs/common';
import { ContractValidationPipe } from '@level-one/platform';

const pipe = new ContractValidationPipe();

/**
 * Checks a body against its DTO where a route takes more than one kind of body, exactly as it is done elsewhere.
 * @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError
 */
export async function validated<T>(dto: Type<T>, body: unknown): Promise<T> {
  return (await pipe.transform(body, { type: 'body', metatype: dto })) as T;
}
