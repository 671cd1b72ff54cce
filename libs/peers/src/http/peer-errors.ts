import { ContractError, cutText } from '@level-one/errors';
import { CAUSED_BY_CLOCKS, CommonErrorId, commonError, isStorable, tooManyRequests } from '@level-one/platform';
import type { HopId } from '../hops/hops.js';
import type { PeerAnswer } from './peer-answer.js';

/** Ids by which a called system may refuse (contract 6), with the status that each has here. */
const REFUSALS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    400: `InvalidBodyError InvalidUriParameterError InvalidQueryParameterError InvalidModificationError
      NoAmountSpecifiedError InvalidAmountSpecifiedError IncorrectAmountTypeError`,
    403: 'UnauthorizedError ForbiddenError',
    404: `NotFoundError TransferNotFoundError MissingFulfillmentError InvalidReceiverIdError UserNotFound
      ClientNotFound MerchantNotFound InvoiceNotFoundError InvoiceNotificationNotFoundError QuoteNotFoundError`,
    413: 'PayloadTooLargeError',
    415: 'UnsupportedMediaTypeError',
    422: `UnprocessableEntityError ValidationError InsufficientFundsError AlreadyExistsError RecordExistsError
      LedgerAccountExistsError AlreadyRolledBackError ExpiredTransferError TransferNotConditionalError
      UnmetConditionError UnsupportedCryptoConditionError NoSubscriptionsError InvoiceNotPendingError
      InvoiceNotStandardError WrongInvoiceTypeError InvoicePayerMissmatchError InvoicePayerIdNotFoundError
      AccountMissingError NameMissingError CurrencyCodeMissingError CurrencySymbolMissingError AmountMissingError
      MerchantIdentifierMissingError InvoiceTypeMissingError IdentifierMissingError InvoiceIdMissingError
      InvoiceStatusIdMissingError InvoiceNotificationIdMissingError InvoicePayerIdMissingError QuotePaymentIdMissing
      QuoteIsDebitMissing NoAccount UserIsAboveFraudThreshold LimitExceededError UnacceptableRateError
      UnacceptableExpiryError UnacceptableAmountError AssetsNotTradedError LedgerNotConnectedError QuoteExpiredError
      QuoteMismatchError QuoteUsedError`,
  }).flatMap(([status, ids]) => ids.split(/\s+/).map((id) => [id, Number(status)] as const)),
);

/** Other spellings of the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['InvoiceNotificationNotFound', 'InvoiceNotificationNotFoundError'],
  ['QuoteNotFound', 'QuoteNotFoundError'],
  ['incorrectAmountType', 'IncorrectAmountTypeError'],
]);

/** Members of an error that are passed on beside id and message. */
const EXTRAS = [
  'validationErrors',
  'params',
  'type',
  'owner',
  'condition',
  'fulfillment',
  'paymentId',
  'clockSkew',
] as const;
const EXTRA_LENGTH_MAX = 4_096;
const MESSAGE_LENGTH_MAX = 1_024;

/** What is wrong with this role's own credentials is nothing that its caller could mend. */
const CREDENTIALS_REFUSED = 401;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;
/** Hops that pass on what another DFSP asks: a limit there is that DFSP's, not this role's. */
const FOR_ANOTHER_DFSP: ReadonlySet<HopId> = new Set(['S.D', 'S.E', 'S.F', 'Q.2']);
const TRY_AGAIN_MS = 60_000;
/** Hops that ask who or what is there: whatever tells that nothing is, it is not there. */
const LOOKUP = /^(I\.[A-G]|row-1[456]b?)$/;

/** The answer of a called system, as far as a refusal is known by it. */
type Refusal = Pick<PeerAnswer, 'status' | 'json' | 'retryAfterS' | 'clockSkew'>;

/**
 * The error that a refusal of the called system becomes: of the contract's ids, with the contract's status. What is no
 * such refusal is 502, whatever its status: nobody knows what it means.
 */
export function refusalOf(hop: HopId, { status, json: body, retryAfterS, clockSkew }: Refusal): ContractError {
  if (status === CREDENTIALS_REFUSED) {
    const message = `${hop}: the next system refused this role's credentials`;
    return commonError(CommonErrorId.External, { message, ...(clockSkew && { extras: { clockSkew } }) });
  }
  if (status === TOO_MANY_REQUESTS && FOR_ANOTHER_DFSP.has(hop)) {
    const message = messageOf((body as { message?: unknown } | undefined)?.message);
    return tooManyRequests(TRY_AGAIN_MS, message === undefined ? {} : { message });
  }
  const isNotNow = status === UNAVAILABLE && retryAfterS !== undefined;
  if (status === TOO_MANY_REQUESTS || isNotNow) {
    const told = isNotNow ? messageOf((body as { message?: unknown } | undefined)?.message) : undefined;
    const message = `${hop}: ${told ?? 'the next system has too much to do'}`;
    return commonError(CommonErrorId.ServiceUnavailable, { message, ...(isNotNow && { retryAfterS }) });
  }
  if (status >= 400 && status < 500) {
    const known = knownRefusal(body, { clockSkew, retryAfterS });
    if (known) return known;
    if (status === 404 && LOOKUP.test(hop)) return commonError(CommonErrorId.NotFound);
  }
  return commonError(CommonErrorId.External, { message: `${hop}: the next system answered ${status}` });
}

function knownRefusal(
  body: unknown,
  { clockSkew, retryAfterS }: Pick<Refusal, 'clockSkew' | 'retryAfterS'>,
): ContractError | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { id: given, message, ...others } = body as Record<string, unknown>;
  if (typeof given !== 'string') return undefined;
  const id = ALIASES.get(given) ?? given;
  const status = REFUSALS.get(id);
  if (status === undefined) return undefined;
  const extras = extrasOf(others);
  if (clockSkew !== undefined && CAUSED_BY_CLOCKS.has(id)) extras['clockSkew'] ??= clockSkew;
  return new ContractError(status, id, messageOf(message) ?? id, extras, undefined, retryAfterS);
}

/** One line of bounded length. */
function messageOf(message: unknown): string | undefined {
  if (typeof message !== 'string' || !isStorable(message)) return undefined;
  const line = cutText(message, MESSAGE_LENGTH_MAX).replaceAll(/\p{Cc}+/gu, ' ');
  return line.trim() === '' ? undefined : line;
}

function extrasOf(others: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    EXTRAS.map((name) => [name, others[name]] as const).filter(
      ([, value]) => value !== undefined && JSON.stringify(value).length <= EXTRA_LENGTH_MAX,
    ),
  );
}
