const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['AUD', 'A$'],
  ['BDT', '৳'],
  ['BRL', 'R$'],
  ['CAD', 'C$'],
  ['CHF', 'CHF'],
  ['CNY', '¥'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['GHS', 'GH₵'],
  ['IDR', 'Rp'],
  ['INR', '₹'],
  ['JPY', '¥'],
  ['KES', 'KSh'],
  ['MMK', 'K'],
  ['MXN', 'MX$'],
  ['NGN', '₦'],
  ['PHP', '₱'],
  ['PKR', '₨'],
  ['RWF', 'FRw'],
  ['TZS', 'TSh'],
  ['UGX', 'USh'],
  ['USD', '$'],
  ['VND', '₫'],
  ['XAF', 'FCFA'],
  ['XOF', 'CFA'],
  ['ZAR', 'R'],
  ['ZMW', 'ZK'],
]);

/** The `currencySymbol` of an ISO-4217 code; the code itself if it has none. */
export function currencySymbol(code: string): string {
  return SYMBOLS.get(code) ?? code;
}

/** Whether the value has the form of an ISO-4217 alpha-3 code; the code need not be in use. */
export function isCurrencyCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}

/** Currencies whose smallest unit is not a hundredth, by ISO 4217. */
const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'].map(none),
  ...['XAF', 'XOF', 'XPF'].map(none),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code): [string, number] => [code, 3]),
  ...['CLF', 'UYW'].map((code): [string, number] => [code, 4]),
]);

/**
 * Decimals of a currency by ISO 4217: `UGX` 0, `KWD` 3, and 2 for every code not listed here. `Intl` is not used: it
 * follows common usage, for example 0 decimals for Hungarian forints and Pakistani rupees.
 */
export function currencyDecimals(code: string): number {
  return DECIMALS.get(code) ?? 2;
}

function none(code: string): [string, number] {
  return [code, 0];
}
