/** `10.4` as `10.40`, with a thin space between thousands; digits beyond the scale stay. Text in, text out: exact. */
export function formatAmount(amount: string, scale = 2): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(amount.trim()) ?? [];
  if (!/^-?\d+(\.\d*)?$/.test(amount.trim())) return amount;
  const digits = fraction.replace(/0+$/, '').padEnd(scale, '0');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+(?!\d))/g, '\u202F');
  return `${sign === '-' ? '−' : ''}${grouped}${digits === '' ? '' : `.${digits}`}`;
}

export function formatMoney(amount: string, currency: string, scale = 2): string {
  return `${formatAmount(amount, scale)}\u00A0${currency}`;
}

/** Sum of two amounts that are not negative, with as many decimals as the longer one has. */
export function addAmounts(a: string, b: string): string {
  const scale = Math.max(...[a, b].map((amount) => amount.split('.')[1]?.length ?? 0));
  const minor = (amount: string) => {
    const [whole = '0', fraction = ''] = amount.split('.');
    return BigInt(whole + fraction.padEnd(scale, '0'));
  };
  const digits = (minor(a) + minor(b)).toString().padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Whether this is a positive amount with at most `scale` decimals. */
export function isAmount(text: string, scale = 2): boolean {
  return new RegExp(scale === 0 ? '^\\d{1,12}$' : `^\\d{1,12}(\\.\\d{1,${scale}})?$`).test(text) && /[1-9]/.test(text);
}
