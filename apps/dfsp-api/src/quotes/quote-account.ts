import type { Quote } from '@level-one/quote';

/** Name of the payer's account that a quote was asked for; null where none was chosen, as for an invoice. */
export function accountOfQuote({ params }: Quote): string | null {
  const { account } = params;
  return typeof account === 'string' ? account : null;
}
