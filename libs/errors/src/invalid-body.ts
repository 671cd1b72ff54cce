import { ContractError } from './contract-error.js';

/** One entry of `validationErrors`. */
export interface FieldProblem {
  message: string;
  params: { field: string };
}

/** 400 InvalidBodyError with all problems of a body. */
export function bodyMismatch(schema: string, validationErrors: FieldProblem[]): ContractError<'InvalidBodyError'> {
  return new ContractError(400, 'InvalidBodyError', `Body did not match schema ${schema}`, { validationErrors });
}

/**
 * {@link bodyMismatch} of one field. `problem` completes the sentence, for example `must be given`; an empty field
 * means the body itself.
 */
export function invalidBody(schema: string, field: string, problem: string): ContractError<'InvalidBodyError'> {
  return bodyMismatch(schema, [{ message: `${field} ${problem}`.trim(), params: { field } }]);
}
