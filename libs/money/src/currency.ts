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

/** The symbol that goes with an ISO-4217 code on the wire (`currencySymbol`); a code without one stands for itself. */
export function currencySymbol(code: string): string {
  return SYMBOLS.get(code) ?? code;
}

/** Whether the value has the form of an ISO-4217 alpha-3 code. The list of codes in use is not checked. */
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
 * Decimals that ISO 4217 gives a currency: `UGX` 0, `KWD` 3, and 2 for every code that is not known to differ. `Intl` is
 * not asked: it follows what people write, and says 0 of Hungarian forints and Pakistani rupees.
 */
export function currencyDecimals(code: string): number {
  return DECIMALS.get(code) ?? 2;
}

function none(code: string): [string, number] {
  return [code, 0];
}
