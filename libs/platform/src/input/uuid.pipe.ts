import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { isContractUuid } from './validation.js';

/** An id in a path or a query, for `@Param('paymentId', UuidPipe)`: in lower case, as ids are kept and compared. */
export class UuidPipe implements PipeTransform<string, string> {
  /** @throws ContractError 400 InvalidUriParameterError */
  transform(value: string, { data }: ArgumentMetadata): string {
    if (isContractUuid(value)) return value.toLowerCase();
    throw commonError(CommonErrorId.InvalidUriParameter, { message: `${data ?? 'id'} is not a valid Uuid` });
  }
}
