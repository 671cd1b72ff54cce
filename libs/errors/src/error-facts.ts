/** Who can mend what an error says. */
export const FAULTS = {
  caller: 'the system that asks: its request is wrong',
  customer: 'nobody at a DFSP: the customer has to decide or change something',
  operator: 'the operator of the system that answers, or of what it depends on',
  other: 'the next system on the way, often of another DFSP',
  time: 'nobody: it came too late, or others were faster',
} as const;
export type Fault = keyof typeof FAULTS;

/** Whether to try again. */
export const REPEATS = {
  no: 'no: the answer stays the same',
  changed: 'after the request, or what it names, is changed',
  same: 'yes: the same request with the same id, after a pause (`Retry-After` if given)',
  anew: 'with a new quote or a new payment; the old id is over',
} as const;
export type Repeat = keyof typeof REPEATS;

/** What an engineer needs to know about an error id. */
export interface ErrorFacts {
  status: number;
  fault: Fault;
  repeat: Repeat;
  /** What happened. */
  means: string;
  /** What to do. */
  advice: string;
}

/** Every error id that a role answers, once. An id that is not here does not compile in a map of `errorsOf`. */
export const ERROR_FACTS = {
  AlreadyExistsError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The id is taken by something with other content. Nothing was changed.',
    advice:
      'Read what has the id. If it is yours, a part of your request changed between two attempts: send exactly the first ' +
      'one again. Else choose a new UUID.',
  },
  AlreadyRolledBackError: {
    status: 422,
    fault: 'time',
    repeat: 'anew',
    means: 'The transfer was rejected before; no money moves by it any more.',
    advice: 'Read the transfer: `rejection_reason` says why. Pay anew if the payer still wants to.',
  },
  AssetsNotTradedError: {
    status: 422,
    fault: 'operator',
    repeat: 'changed',
    means: 'The connector knows no way from this ledger to the destination, or does not trade these two currencies.',
    advice:
      "Compare the destination's ILP address with `CONNECTOR_ROUTES` and with the DFSPs at the central directory; a DFSP that " +
      'was registered just now is learned within `LEARN_ROUTES_INTERVAL_S`.',
  },
  ClientNotFound: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'This DFSP has no customer with the number.',
    advice:
      'Check the number, and that the channel asks the right DFSP. `GET /directory/v1/resources` looks the number up.',
  },
  ExpiredTransferError: {
    status: 422,
    fault: 'time',
    repeat: 'anew',
    means: 'The time of the transfer is over. No money has moved, and none will by this id.',
    advice:
      'Check `GET /v1/payments/{id}/timeline` for where the time went. If it happens often: clocks (`clockSkew` in the answer), ' +
      'or a slow ledger or SPSP server on the way.',
  },
  ExternalError: {
    status: 502,
    fault: 'other',
    repeat: 'same',
    means: 'The next system did not answer, or answered what the interface does not allow. What it did is unknown.',
    advice:
      'Never take it as "not paid": ask for the payment by its id, or repeat the request with the same id. The log of this role ' +
      'names the hop and the cause under the same trace id.',
  },
  IncorrectAmountTypeError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'The amount type is neither `SEND` nor `RECEIVE`.',
    advice: 'Send one of the two, in capitals.',
  },
  InsufficientFundsError: {
    status: 422,
    fault: 'customer',
    repeat: 'changed',
    means:
      "The account has less than amount and fee, without what is held for other payments. On the central ledger: the DFSP's net " +
      'debit cap is reached.',
    advice:
      "Choose another account or pay money in. At the centre: `GET /positions` shows position and cap; settle, or raise the DFSP's cap.",
  },
  InternalServerError: {
    status: 500,
    fault: 'operator',
    repeat: 'same',
    means: 'A defect in the role that answers. What it did is unknown.',
    advice:
      'Find the trace id of the answer (`L1p-Trace-Id`) in the log of that role, and report it with the line. Ask for the state by id.',
  },
  InvalidAmountSpecifiedError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'The amount is no decimal above 0 that fits the ledger.',
    advice: 'Send plain decimal text such as `10.40`, with no more decimals than the currency has.',
  },
  InvalidBodyError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means:
      'The body is no JSON, or a member is missing, unknown or malformed. Messages such as `AccountMissingError` or ' +
      '`IdentifierMissingError` in `validationErrors` name a missing member.',
    advice:
      '`validationErrors` lists every problem with its field: mend all of them. Compare with the example of the route.',
  },
  InvalidModificationError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'A transfer or account with this id exists, and the request would change what must not change.',
    advice:
      'Repeat a request exactly, or choose a new id. Amounts, accounts, conditions and expiries of a transfer never change.',
  },
  InvalidQueryParameterError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'A parameter of the query is missing, unknown or malformed.',
    advice: 'The message names it. Identifiers are given as `type:value`, for example `tel:26547070`.',
  },
  InvalidReceiverIdError: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: "The receiver's URL names no customer of that DFSP.",
    advice: 'Look the number up again: the customer may have moved to another DFSP.',
  },
  InvalidUriParameterError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'A part of the URL or of the query is missing or malformed.',
    advice: 'The message names it. Ids are UUIDs; names with special characters must be percent-encoded.',
  },
  InvoiceNotFoundError: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'The DFSP of the URL has no invoice with this id.',
    advice: "Check the invoice's URL: id and DFSP. Ask the merchant for a new invoice.",
  },
  InvoiceNotPendingError: {
    status: 422,
    fault: 'time',
    repeat: 'no',
    means: 'The invoice is paid, rejected, cancelled or expired, or another payment of it is under way.',
    advice:
      'Read the invoice for its status. If a payment of it is under way, wait for its end: when that fails, the invoice can be paid again.',
  },
  InvoiceNotStandardError: {
    status: 422,
    fault: 'caller',
    repeat: 'no',
    means: 'Only an invoice that names its client can be cancelled or rejected.',
    advice: 'Let the invoice expire, or leave it.',
  },
  InvoiceNotificationNotFoundError: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'This DFSP has no notification with this id, or none that belongs to the invoice.',
    advice: "List the client's notifications: `GET /v1/invoiceNotifications/pending/{number}`.",
  },
  InvoicePayerMissmatchError: {
    status: 422,
    fault: 'caller',
    repeat: 'no',
    means: 'The invoice names another client than the one who wants to pay or reject it.',
    advice: 'Let the named client do it, or ask the merchant for an invoice for this one.',
  },
  LedgerNotConnectedError: {
    status: 422,
    fault: 'operator',
    repeat: 'changed',
    means: 'The connector is not connected to a ledger that the quote needs.',
    advice: "Check the connector's health, and that the address belongs to a ledger of this scheme.",
  },
  LimitExceededError: {
    status: 422,
    fault: 'customer',
    repeat: 'changed',
    means: 'A limit of the customer does not allow the payment. `type` says which, `params.limit` how much.',
    advice:
      'Pay less, or when the day, week or month is over. Payments under way count, and rejected ones unless the DFSP decides otherwise; expired ones do not. Limits are ' +
      "the DFSP's rules: `docs/fees-and-limits.md`.",
  },
  MerchantNotFound: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'This DFSP has no merchant with the number.',
    advice: 'Check the number, and that the customer is a merchant.',
  },
  MissingFulfillmentError: {
    status: 404,
    fault: 'time',
    repeat: 'same',
    means: 'The transfer is not fulfilled yet.',
    advice: 'Read its state: while it is `prepared`, ask later. Once it is `rejected`, there never is a fulfilment.',
  },
  NoAccount: {
    status: 422,
    fault: 'customer',
    repeat: 'changed',
    means: 'The customer has no active account that can be paid to.',
    advice: "The payee's DFSP has to open or enable an account of the customer.",
  },
  NoAmountSpecifiedError: {
    status: 400,
    fault: 'caller',
    repeat: 'changed',
    means: 'Not exactly one of the two amounts is given.',
    advice: 'Send either the source amount or the destination amount.',
  },
  NoSubscriptionsError: {
    status: 422,
    fault: 'other',
    repeat: 'same',
    means: 'Nobody listens for messages to this account at the ledger.',
    advice: "The addressee's websocket is down, often a connector's: check its health and its log.",
  },
  NotFoundError: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'There is nothing at this URL: no such route, or no transfer, account, payment or number with this id.',
    advice:
      'Check method, path and id. A transfer that is not known was never prepared: it may still come, unless its id is made void.',
  },
  PayloadTooLargeError: {
    status: 413,
    fault: 'caller',
    repeat: 'changed',
    means: 'The body is larger than the route takes.',
    advice: 'Send less: shorter memos, or a list in parts.',
  },
  QuoteExpiredError: {
    status: 422,
    fault: 'time',
    repeat: 'anew',
    means: 'The quote is not valid any more. Nothing was sent.',
    advice: 'Ask for a new quote and show the payer its price.',
  },
  QuoteMismatchError: {
    status: 422,
    fault: 'caller',
    repeat: 'anew',
    means: 'The payment differs from its quote, or the quote has this id with other content.',
    advice: 'Pay exactly what was quoted. For another amount, payee or account ask for a new quote with a new id.',
  },
  QuoteNotFoundError: {
    status: 404,
    fault: 'caller',
    repeat: 'anew',
    means: 'There is no quote with this paymentId.',
    advice: 'Check the id. Old quotes are deleted after `RETENTION_DAYS`; ask for a new one.',
  },
  QuoteUsedError: {
    status: 422,
    fault: 'time',
    repeat: 'no',
    means: 'The quote was used: its payment was executed.',
    advice: 'Read the payment by the same id before you pay again: it may be paid already.',
  },
  RecordExistsError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The account exists already.',
    advice: 'Read the account, or choose another name.',
  },
  RequestTimeoutError: {
    status: 408,
    fault: 'caller',
    repeat: 'same',
    means: 'The request did not come in full in time. Nothing was done.',
    advice: 'Send it again, in one go. Over a slow line: a list in parts, or a longer `REQUEST_TIMEOUT_S` at the role.',
  },
  ServiceUnavailableError: {
    status: 503,
    fault: 'operator',
    repeat: 'same',
    means:
      'The role cannot do it now: too much load, a database, ledger or peer that is away, a start or a stop. What was asked for was ' +
      'not begun, or is followed by its id.',
    advice:
      'Repeat with the same id after `Retry-After`. If it stays: `GET /health` of the role names what is not ready.',
  },
  TooManyRequestsError: {
    status: 429,
    fault: 'caller',
    repeat: 'same',
    means: 'More requests, failed logins, open quotes or setups than are allowed for this caller.',
    advice: 'Wait as long as `Retry-After` says. After failed logins: correct the password first.',
  },
  TransferNotConditionalError: {
    status: 422,
    fault: 'caller',
    repeat: 'no',
    means: 'The transfer has no condition, so that it can be neither fulfilled nor rejected.',
    advice:
      'A transfer without a condition is executed at once; to give the money back, make a transfer the other way.',
  },
  TransferNotFoundError: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'The ledger has no transfer with this id.',
    advice:
      'Check id and ledger. Its preparation may have been refused: look for it in the log of the role that sent it.',
  },
  UnacceptableAmountError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The connector does not forward this amount: above its liquidity, or too small to arrive.',
    advice: 'Change the amount. Operators: `LIQUIDITY` of the connector, and the decimals of both ledgers.',
  },
  UnacceptableExpiryError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The transfer would be held for too long or too short a time for the connector.',
    advice:
      'Choose an expiry within `MAX_HOLD_TIME_S` of the connector, with time for each ledger on the way. Compare clocks.',
  },
  UnacceptableRateError: {
    status: 422,
    fault: 'time',
    repeat: 'anew',
    means: 'The amounts do not match the rate that is offered now.',
    advice: 'Ask for a new quote: the rate or the fee has changed.',
  },
  Unauthorized: {
    status: 401,
    fault: 'caller',
    repeat: 'changed',
    means: 'Credentials are missing or wrong, or the signature of another DFSP does not hold.',
    advice:
      'Check name and password in the settings of the caller and of this role. Signatures: key at the central directory, and clocks ' +
      '(`clockSkew`).',
  },
  UnauthorizedError: {
    status: 403,
    fault: 'caller',
    repeat: 'changed',
    means: 'The credentials are valid, but this caller may not do this.',
    advice:
      '`docs/callers.md` says who may call the route. At a ledger: the account needs the right, or to own the account.',
  },
  UnmetConditionError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The fulfilment does not fit the condition of the transfer. No money has moved.',
    advice:
      "Compare both: the receiver's secret may have changed (`RECEIVER_SECRET`), or the fulfilment is of another payment.",
  },
  UnprocessableEntityError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The request is well formed, but a rule forbids it. The message says which.',
    advice: 'Read the message; it names what does not fit: currency, account, state or bounds.',
  },
  UnsupportedCryptoConditionError: {
    status: 422,
    fault: 'caller',
    repeat: 'changed',
    means: 'The type of the condition is not supported.',
    advice: 'Use PREIMAGE-SHA-256.',
  },
  UnsupportedMediaTypeError: {
    status: 415,
    fault: 'caller',
    repeat: 'changed',
    means: 'The content type is not the one that the route takes.',
    advice: 'Send `Content-Type: application/json`; a fulfilment as `text/plain`.',
  },
  UserIsAboveFraudThreshold: {
    status: 422,
    fault: 'customer',
    repeat: 'no',
    means: "The directory's fraud score of the number is above the threshold of this DFSP.",
    advice: 'Do not pay. Operators: `FRAUD_SCORE_THRESHOLD` of the DFSP API.',
  },
  UserNotFound: {
    status: 404,
    fault: 'caller',
    repeat: 'changed',
    means: 'No DFSP, or not the one that was asked, has a customer with this number.',
    advice: 'Check the number. At the registry: `GET /users/{number}` shows which DFSP it is registered for.',
  },
  WrongInvoiceTypeError: {
    status: 422,
    fault: 'caller',
    repeat: 'no',
    means: 'The invoice is of another type than the route is for.',
    advice: 'Read the invoice: its `invoiceType` says by which route it is paid or cancelled.',
  },
} as const satisfies Record<string, ErrorFacts>;

/** Id of an error. */
export type ErrorId = keyof typeof ERROR_FACTS;

/** Whether an id is in the catalogue. */
export function isErrorId(id: string): id is ErrorId {
  return Object.hasOwn(ERROR_FACTS, id);
}
