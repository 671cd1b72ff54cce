import { ContractError } from './contract-error.js';

/** What is wrong with one field of a body, as it goes over the wire. */
export interface FieldProblem {
  message: string;
  params: { field: string };
}

/** A body of the wrong form, with every problem: 400 InvalidBodyError. */
export function bodyMismatch(schema: string, validationErrors: FieldProblem[]): ContractError<'InvalidBodyError'> {
  return new ContractError(400, 'InvalidBodyError', `Body did not match schema ${schema}`, { validationErrors });
}

/**
 * {@link bodyMismatch} of one field. `problem` completes the sentence, for example `must be given`; an empty field stands
 * for the body itself.
 */
export function invalidBody(schema: string, field: string, problem: string): ContractError<'InvalidBodyError'> {
  return bodyMismatch(schema, [{ message: `${field} ${problem}`.trim(), params: { field } }]);
}
