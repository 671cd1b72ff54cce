import type { TimelineEntry } from '../api/payments';

/** An entry, and how often it happened: repeated attempts are one line. */
export interface FoldedEntry {
  entry: TimelineEntry;
  count: number;
  /** When it happened last. */
  lastAt: string;
}

const once = (entry: TimelineEntry): FoldedEntry => ({ entry, count: 1, lastAt: entry.at });

/** Every entry by itself. */
export const everyEntry = (entries: readonly TimelineEntry[]): FoldedEntry[] => entries.map(once);

/** Changes of states, and what was refused, not answered or tried again; what repeats itself is told once. */
export function whatMatters(entries: readonly TimelineEntry[]): FoldedEntry[] {
  const states = new Map<string, string>();
  const failures = new Map<string, FoldedEntry>();
  return entries.flatMap((entry) => {
    const { kind, dfsp, role, of, state, what, hop, status } = entry;
    if (kind === 'state' || kind === 'sweep') {
      const subject = [dfsp, role, of].join(' ');
      const isChange = Boolean(state) && states.get(subject) !== state;
      if (state) states.set(subject, state);
      return isChange || kind === 'state' ? [once(entry)] : [];
    }
    if (kind !== 'retry' && !isFailure(entry)) return [];
    const key = [kind, dfsp, role, hop, what, status].join(' ');
    const before = failures.get(key);
    if (before) {
      Object.assign(before, { count: before.count + 1, lastAt: entry.at });
      return [];
    }
    const first = once(entry);
    failures.set(key, first);
    return [first];
  });
}

/** A frame has no answer, and support only asks. */
function isFailure({ kind, hop, method, status }: TimelineEntry): boolean {
  if (kind !== 'hop' || method === 'WS' || hop?.startsWith('support-')) return false;
  return typeof status === 'number' ? status >= 400 : Boolean(hop);
}
