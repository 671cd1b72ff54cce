import { type Arrow, OUTSIDE } from './arrows';

export function formatMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** Ids are long and say nothing: only what is between them. */
export function shortPath(path: string): string {
  const parts = path
    .split('?')[0]!
    .split('/')
    .map((part) => (/^[0-9a-f-]{20,}$/i.test(part) ? '…' : part))
    .filter((part) => part !== '');
  return `/${parts.slice(-2).join('/')}`;
}

export const isFailed = (arrow: Arrow): boolean =>
  arrow.error !== null || (!arrow.isFrame && (arrow.status === null || arrow.status >= 400) && !isAbsence(arrow));

/** A role that asks another one whether there is something learns that there is nothing: the flow has not failed. */
const isAbsence = ({ method, status, hop, from }: Arrow): boolean =>
  method === 'GET' && status === 404 && from !== OUTSIDE && (hop === null || hop.startsWith('support-'));

/** JSON text with indents; other text as it is. */
export function formatBody(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
