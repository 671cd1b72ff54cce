import { ContractError } from './contract-error.js';

/**
 * A body of the wrong form: 400 InvalidBodyError that names the field. `problem` completes the sentence, for example
 * `must be given`; an empty field stands for the body itself.
 */
export function invalidBody(schema: string, field: string, problem: string): ContractError<'InvalidBodyError'> {
  const validationErrors = [{ message: `${field} ${problem}`.trim(), params: { field } }];
  return new ContractError(400, 'InvalidBodyError', `Body did not match schema ${schema}`, { validationErrors });
}
