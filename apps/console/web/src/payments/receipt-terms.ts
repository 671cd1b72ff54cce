import type { TFunction } from 'i18next';
import { en } from '../texts/en';
import type { Receipt } from '../api/payments';

type Term = keyof typeof en.receipt.term;

/** Shown apart from the terms. */
const NO_TERMS = new Set(['paymentId', 'condition', 'fulfillment']);

const isTerm = (name: string): name is Term => name in en.receipt.term;

/** The terms of a payment as rows of name and value, those without a value left out. */
export function termRows(receipt: Receipt, t: TFunction): [string, string][] {
  return Object.entries(receipt).flatMap(([name, value]): [string, string][] => {
    if (NO_TERMS.has(name) || value === null || value === '') return [];
    return [[isTerm(name) ? t(`receipt.term.${name}`) : name, value]];
  });
}
