import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { catchError, type Observable } from 'rxjs';

const LIMIT_EXCEEDED = 'LimitExceededError';

/** What another DFSP may know of a refusal: what it is, and what is wrong with the request. */
function forOthers(error: unknown): unknown {
  if (!(error instanceof ContractError)) return error;
  const { status, id, extras, cause, retryAfterS } = error;
  const { validationErrors } = extras;
  const message = id === LIMIT_EXCEEDED ? 'A limit of the payee is exceeded' : error.message;
  return new ContractError(status, id, message, validationErrors ? { validationErrors } : {}, cause, retryAfterS);
}

/** Keeps to the DFSP what its own roles tell each other of a refusal beside that. For routes that other DFSPs call. */
@Injectable()
export class OutsideErrorsInterceptor implements NestInterceptor {
  constructor(private readonly isOfAnotherDfsp: (context: ExecutionContext) => boolean = () => true) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!this.isOfAnotherDfsp(context)) return next.handle();
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw forOthers(error);
      }),
    );
  }
}
