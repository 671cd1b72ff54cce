/** What happened, and what to do, by the id of an error. The only place where ids become words. */
export const errors = {
  unknown: {
    what: 'This did not work.',
    todo: 'Try again. If it happens again, give the answer below to your operator.',
  },
  InsufficientFundsError: {
    what: 'There is not enough money on this account.',
    todo: 'Choose another account, or pay money in and try again. Nothing was taken.',
  },
  NetDebitCap: {
    what: 'Your DFSP cannot send more money to other DFSPs at the moment.',
    todo: 'Try again later, or ask your DFSP. There is enough money on the account, and nothing was taken.',
  },
  NextLedgerPoor: {
    what: 'A DFSP on the way cannot pass this payment on at the moment.',
    todo: 'Try again later, or ask your DFSP. There is enough money on the account, and nothing was taken.',
  },
  AccountDisabled: {
    what: 'An account of this payment is disabled.',
    todo: 'Nothing was taken. The answer below names the account; ask its DFSP.',
  },
  NotCompletedByPayer: {
    what: "The payer's DFSP did not complete this payment.",
    todo: 'No money moved. Only the payer and that DFSP know why: ask the payer.',
  },
  DfspSuspended: {
    what: 'A DFSP of this payment is suspended.',
    todo: 'Nothing was taken. Ask your DFSP when it can be paid again.',
  },
  LimitExceededError: {
    what: 'This payment is over a limit.',
    todo: 'Choose a smaller amount, or wait until the next day, week or month. Nothing was taken.',
  },
  InvoiceNotPendingError: {
    what: 'This invoice cannot be paid or changed any more: it was paid, rejected or cancelled, has expired, or is being paid right now.',
    todo: 'Look at its state. If it is still owed, ask the merchant for a new invoice.',
  },
  ExpiredTransferError: {
    what: 'The payment took too long and was given up.',
    todo: 'No money moved. Try again.',
  },
  QuoteExpiredError: {
    what: 'The agreed price has expired.',
    todo: 'Ask for a new price, then pay that one. Nothing was taken.',
  },
  QuoteUsedError: {
    what: 'This price was paid already.',
    todo: 'Look at the latest payments. Do not pay again.',
  },
  QuoteMismatchError: {
    what: 'The price has changed since it was agreed.',
    todo: 'Ask for the price again, and pay the new one. Nothing was taken.',
  },
  QuoteNotFoundError: { what: 'Nobody knows this price.', todo: 'Ask for a new price.' },
  ClientNotFound: {
    what: 'Nobody in the network has this number.',
    todo: 'Check the number and look it up again.',
  },
  InvalidReceiverIdError: {
    what: 'Nobody in the network has this number.',
    todo: 'Check the number and look it up again.',
  },
  UserNotFound: { what: 'This DFSP has no customer with this number.', todo: 'Check the number.' },
  MerchantNotFound: {
    what: 'This DFSP has no merchant with this number.',
    todo: 'Choose a person who is a merchant.',
  },
  NoAccount: {
    what: 'This person has no account that can take money.',
    todo: 'Ask them to open one, or choose somebody else.',
  },
  UserIsAboveFraudThreshold: {
    what: 'The DFSP does not let this person be paid, because of a suspicion of fraud.',
    todo: 'Contact your DFSP. Nothing was taken.',
  },
  InvoiceNotFoundError: {
    what: 'This invoice does not exist.',
    todo: 'Scan the code again, or ask the merchant for a new one.',
  },
  InvoiceNotificationNotFoundError: {
    what: 'This invoice is not known here.',
    todo: 'Go back to the list of invoices.',
  },
  InvoicePayerMissmatchError: {
    what: 'This invoice is for another person.',
    todo: 'Only the person whom it names can pay it.',
  },
  WrongInvoiceTypeError: { what: 'This kind of invoice cannot be used like this.', todo: 'Ask the merchant.' },
  InvoiceNotStandardError: {
    what: 'An invoice of this kind cannot be cancelled.',
    todo: 'It is open to everybody who has its code.',
  },
  NotFoundError: { what: 'This was not found.', todo: 'Check what you chose or typed.' },
  UnprocessableEntityError: {
    what: 'The system behind this step refuses it.',
    todo: 'Check amount and account. The answer below names the reason. Nothing was taken.',
  },
  InvalidBodyError: { what: 'Something in the form is not right.', todo: 'Check amounts and numbers.' },
  InvalidUriParameterError: { what: 'This address is not right.', todo: 'Check what you typed or scanned.' },
  InvalidAmountSpecifiedError: { what: 'This amount is not valid.', todo: 'Write it like 10.40, greater than zero.' },
  NoAmountSpecifiedError: { what: 'There is no amount.', todo: 'Write it like 10.40.' },
  UnacceptableAmountError: { what: 'This amount cannot be sent.', todo: 'Choose another amount.' },
  UnacceptableRateError: { what: 'The exchange rate has changed.', todo: 'Ask for a new price.' },
  UnacceptableExpiryError: { what: 'Too little time was left for this payment.', todo: 'Try again.' },
  AssetsNotTradedError: { what: 'There is no way to that currency or DFSP.', todo: 'Choose another payee.' },
  LedgerNotConnectedError: {
    what: 'The connection to the other ledger is down.',
    todo: 'No money moved. Try again in a moment.',
  },
  AlreadyExistsError: { what: 'This was done before with another content.', todo: 'Begin again.' },
  ExternalError: {
    what: 'A system further on did not answer.',
    todo: 'If a payment had begun, it is still open: look at its state before you pay again. Otherwise try again.',
  },
  ServiceUnavailableError: {
    what: 'A system has too much to do, or its database is away.',
    todo: 'Wait a moment, then try again.',
  },
  TooManyRequestsError: { what: 'Too many requests came at once.', todo: 'Wait a moment, then try again.' },
  Unauthorized: { what: 'You are not signed in, or no longer.', todo: 'Sign in and try again.' },
  WrongPassword: {
    what: 'Name or password is wrong.',
    todo: 'Type them again, or ask an administrator for a new password.',
  },
  UnauthorizedError: {
    what: 'Your role does not permit this.',
    todo: 'Ask somebody with a higher role.',
  },
  NoAnswer: {
    what: 'The console does not answer.',
    todo: 'See whether the network is running, then try again.',
  },
};
