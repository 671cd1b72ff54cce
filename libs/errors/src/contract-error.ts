import type { ERROR_FACTS, ErrorId } from './error-facts.js';

/**
 * HTTP status and canonical message of the error ids of a feature (contract section 6). An id without facts in
 * `ERROR_FACTS`, or with another status than there, does not compile.
 */
export type ErrorDefinitions<Id extends string> = {
  [K in Id]: `${K}` extends ErrorId ? { status: (typeof ERROR_FACTS)[`${K}`]['status']; message: string } : never;
};

export interface ContractErrorOptions {
  /** Replaces the canonical message. */
  message?: string;
  /** Further members of the body, for example `validationErrors`, `owner`, `params`. */
  extras?: Record<string, unknown>;
  /** Logged with the trace id, never sent. */
  cause?: unknown;
  /** Seconds after which the caller may try again, sent as `Retry-After`. */
  retryAfterS?: number;
}

/** An error that may leave the process, sent as `{ id, message, …extras }` with its HTTP status. */
export class ContractError<Id extends string = string> extends Error {
  override readonly name = 'ContractError';

  constructor(
    readonly status: number,
    readonly id: Id,
    message: string,
    readonly extras: Record<string, unknown> = {},
    cause?: unknown,
    /** As whoever refused said it, in seconds; what is sent is {@link retryAfterOf}. */
    readonly retryAfterS?: number,
  ) {
    super(message, cause === undefined ? undefined : { cause });
  }

  /** Body of the error response. */
  toBody(): { id: Id; message: string; [extra: string]: unknown } {
    return { id: this.id, message: this.message, ...this.extras };
  }
}

/** Whether a called system refused (4xx). After any other error it is unknown what was done. */
export function isClientError(error: unknown): error is ContractError {
  return error instanceof ContractError && error.status < 500;
}

/**
 * Creates the error constructor of one feature from a total map, so that an id without status and message does not
 * compile.
 */
export function errorsOf<Id extends string>(
  definitions: ErrorDefinitions<Id>,
): (id: Id, options?: ContractErrorOptions) => ContractError<Id> {
  return (id, options = {}) => {
    const { status, message } = definitions[id] as { status: number; message: string };
    return new ContractError(
      status,
      id,
      options.message ?? message,
      options.extras,
      options.cause,
      options.retryAfterS,
    );
  };
}

/** When it is worth to ask again after a 503 that does not say it, in seconds. */
const TRY_AGAIN_S = 2;

/** `Retry-After` of an answer, in seconds: every 503 has it. */
export function retryAfterOf({ status, retryAfterS }: ContractError): number | undefined {
  return retryAfterS ?? (status === 503 ? TRY_AGAIN_S : undefined);
}
