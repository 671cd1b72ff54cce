/**
 * Members of bodies that are shown. No person, password, token, fulfilment or memo is among them; whatever is not
 * named here is shown as `…`.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'account',
  'accountType',
  'after',
  'amount',
  'amountType',
  'amounts',
  'centralAccount',
  'code',
  'commission',
  'condition',
  'connector',
  'connectorAccount',
  'createdAt',
  'credits',
  'currency',
  'currencyCode',
  'currencyScale',
  'currencySymbol',
  'debits',
  'dfsp',
  'event',
  'executionCondition',
  'execution_condition',
  'expiresAt',
  'expires_at',
  'expiryDuration',
  'fee',
  'fees',
  'feeType',
  'id',
  'ilp',
  'invoiceId',
  'invoiceNotificationId',
  'invoiceType',
  'invoiceUrl',
  'isQuoted',
  'jsonrpc',
  'ledger',
  'limit',
  'message',
  'method',
  'next',
  'params',
  'payeeCommission',
  'payeeFee',
  'paymentId',
  'paymentid',
  'paymentsUrl',
  'positions',
  'precision',
  'primary',
  'providerUrl',
  'receiveAmount',
  'registered',
  'rejection_reason',
  'resource',
  'result',
  'scale',
  'schemeAdapterUrl',
  'shortName',
  'side',
  'sourceAmount',
  'sourceExpiryDuration',
  'spspServer',
  'state',
  'status',
  'destinationAccount',
  'destinationAmount',
  'destinationExpiryDuration',
  'timeline',
  'prepared_at',
  'executed_at',
  'rejected_at',
  'transferId',
  'transferType',
  'transfers',
  'type',
  'unit',
  'validationErrors',
]);

const HIDDEN = '…';
const TEXT_LENGTH_MAX = 512;
const DEPTH_MAX = 12;
const ITEMS_MAX = 50;

function redacted(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return HIDDEN;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => redacted(item, depth + 1));
  if (typeof value === 'string') return value.slice(0, TEXT_LENGTH_MAX);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ITEMS_MAX)
      .map(([name, member]) => [name, SHOWN.has(name) ? redacted(member, depth + 1) : HIDDEN]),
  );
}

/** A body as it may be kept and shown: JSON with the members of the allow-list. Any other text is hidden whole. */
export function shownBody(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    // A bare text, such as a fulfilment, has no member that names it.
    return JSON.stringify(typeof value === 'object' ? redacted(value, 0) : HIDDEN);
  } catch {
    return JSON.stringify(HIDDEN);
  }
}
