const AMOUNT = /^(0|[1-9]\d*)(\.\d+)?$/;
const SIGNED_AMOUNT = /^(-?(0|[1-9]\d*)(\.\d+)?|-?infinity)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Members by their names, the form that the contract gives them, and what that form is called. */
const FORMS: readonly [name: RegExp, form: RegExp, words: string][] = [
  [/^(amount|.*Amount|.*_amount|fee|connectorFee|payeeFee)$/, AMOUNT, 'a decimal string such as "10.40"'],
  [/^(balance|held|minimum_allowed_balance)$/, SIGNED_AMOUNT, 'a decimal string such as "10.40"'],
  [/^(expiresAt|expires_at|.*_at)$/, TIME, 'a time in UTC with milliseconds and Z'],
  [/^(paymentId|paymentid|transferId)$/, UUID, 'a UUID in lower case'],
  [/^(currencyCode|currency_code)$/, /^[A-Z]{3}$/, 'an ISO 4217 code of three letters'],
];

/** Members whose value is not written as the contract writes such values (0.3): amounts, times, ids, currencies. */
export function wronglyWritten(body: unknown, path = ''): string[] {
  if (Array.isArray(body)) return body.flatMap((item, index) => wronglyWritten(item, `${path}${index}.`));
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null && !isQuoteAmount(value)) {
      return wronglyWritten(value, `${path}${name}.`);
    }
    const form = FORMS.find(([names]) => names.test(name));
    if (!form || value === null || isQuoteAmount(value)) return [];
    const [, pattern, words] = form;
    if (typeof value === 'string' && pattern.test(value)) return [];
    return [`\`${path}${name}\` is ${JSON.stringify(value)} and must be ${words}`];
  });
}

/** `{ amount, currency }`, whose amount is looked at by its own name. */
function isQuoteAmount(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}
