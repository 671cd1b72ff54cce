import type { Quote } from '@level-one/quote';

/** Name of the payer's account of a quote; null if none was chosen, as for an invoice. */
export function accountOfQuote({ params }: Quote): string | null {
  const { account } = params;
  return typeof account === 'string' ? account : null;
}
