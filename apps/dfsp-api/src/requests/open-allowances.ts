import { tooManyRequests } from '@level-one/platform';
import { refusalIn } from '@level-one/work';

/** Open quotes and setups expire within minutes. */
const TRY_AGAIN_MS = 60_000;
/** SQLSTATE of a new quote or setup that is one too many. */
const TOO_MANY = 'LV004';

/** 429 TooManyRequestsError for a DFSP whose open quotes, setups or invoices fill its allowance. */
export function tooManyOpen(message: string): Error {
  return tooManyRequests(TRY_AGAIN_MS, { message });
}

/** {@link tooManyOpen} if this is why a statement was refused. */
export function tooManyOpenIn(error: unknown, message: string): Error | undefined {
  return refusalIn(error)?.code === TOO_MANY ? tooManyOpen(message) : undefined;
}
