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
