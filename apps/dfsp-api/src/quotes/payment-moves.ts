import { quoteRefusalIn } from '@level-one/quote';
import type { LimitReservationCall } from '@level-one/tariff';
import { refusalIn } from '@level-one/work';

/**
 * How a payment ends for the SQL function `end_payment`; `void`: its transfer expired, or never came and never can. The
 * function moves the quote and the limits of the payment, as `begin_payment` does when it begins.
 */
export type Ending = 'executed' | 'rejected' | 'void';

/** SQLSTATE of a payment whose invoice or notification belongs to another payment. */
const NOT_CLAIMED = 'LV005';

/**
 * Whether a statement has moved a payment; false as well if its invoice or notification cannot be claimed.
 * @throws ContractError 404 QuoteNotFoundError; 422 QuoteExpiredError, QuoteUsedError, LimitExceededError; then nothing
 * is changed
 */
export async function isMoved(
  move: Promise<boolean>,
  { explain }: Pick<LimitReservationCall, 'explain'>,
): Promise<boolean> {
  try {
    return await move;
  } catch (error) {
    if (refusalIn(error)?.code === NOT_CLAIMED) return false;
    throw quoteRefusalIn(error) ?? explain(error);
  }
}
