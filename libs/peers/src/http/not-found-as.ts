import { ContractError } from '@level-one/errors';

/**
 * Runs `work` and gives a 404 of the called system the id that the caller's own peers know (rows 3 to 6, 14 to 19).
 * @throws ContractError what `error` makes of a 404, or whatever else `work` throws.
 */
export async function notFoundAs<T>(error: (cause: unknown) => ContractError, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ContractError && cause.status === 404) throw error(cause);
    throw cause;
  }
}
