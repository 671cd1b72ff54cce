import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { isContractUuid } from './validation.js';

/**
 * Checks an id and returns it in lower case, as ids are stored and compared. @throws ContractError 400
 * InvalidUriParameterError
 */
export function readUuid(value: unknown, name: string): string {
  if (isContractUuid(value)) return value.toLowerCase();
  throw commonError(CommonErrorId.InvalidUriParameter, { message: `${name} is not a valid Uuid` });
}

/** {@link readUuid} of a path or a query, for `@Param('paymentId', UuidPipe)`. */
export class UuidPipe implements PipeTransform<string, string> {
  /** @throws ContractError 400 InvalidUriParameterError */
  transform(value: string, { data }: ArgumentMetadata): string {
    return readUuid(value, data ?? 'id');
  }
}
