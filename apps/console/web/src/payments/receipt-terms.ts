import type { TFunction } from 'i18next';
import type { Receipt } from './receipt-check';

type Members = Readonly<Record<string, unknown>>;

/** The terms of a payment as rows of name and value; members of members by the names of both. */
export function termRows({ terms }: Receipt, t: TFunction): [string, string][] {
  return rowsOf(terms, '', t);
}

function rowsOf(members: Members, before: string, t: TFunction): [string, string][] {
  return Object.entries(members).flatMap(([name, value]): [string, string][] => {
    if (value === null || value === undefined || value === '') return [];
    const label = `${before}${labelOf(name, t)}`;
    if (typeof value === 'object' && !Array.isArray(value)) return rowsOf(value as Members, `${label}: `, t);
    return [[label, Array.isArray(value) ? value.join(', ') : String(value)]];
  });
}

/** Words for the known members; others as words of their own names: `createdAt` as `created at`. */
function labelOf(name: string, t: TFunction): string {
  return t(`receipt.term.${name}` as 'receipt.term.amount', {
    defaultValue: name.replaceAll(/([A-Z])/g, ' $1').toLowerCase(),
  });
}
