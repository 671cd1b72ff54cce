import type { Finding } from './findings.js';
import type { LedgerPlace, RecordsReader } from './places.js';

/** Parts of `GET /reconciliation/{part}` of a DFSP API. */
export const RECORD_PARTS = [
  'outgoing',
  'incoming',
  'invoices',
  'notifications',
  'quotes',
  'limits',
  'counters',
] as const;

interface FindingJson {
  kind: string;
  paymentId?: string;
  subject?: string;
  found: string;
  ageS: number;
  cause: string;
  action: string;
}

interface PageJson {
  compared: number;
  differences: FindingJson[];
  open: FindingJson[];
  after: string | null;
}

/** What a DFSP API finds in one part of its records, a page at a time. @param counted gets the number of rows */
export async function* compareRecords(
  { dfsp, api }: { dfsp: string; api: RecordsReader },
  part: (typeof RECORD_PARTS)[number],
  { from, counted }: { from: string | undefined; counted: (rows: number) => void },
): AsyncGenerator<Finding> {
  for (let after: string | null | undefined; after !== null;) {
    const query = new URLSearchParams({
      limit: '500',
      ...(from !== undefined && { from }),
      ...(after !== undefined && { after }),
    });
    const page: PageJson = await api.read(`/reconciliation/${part}?${query.toString()}`);
    counted(page.compared);
    for (const finding of page.differences) yield { ...finding, dfsp, isOpen: false };
    for (const finding of page.open) yield { ...finding, dfsp, isOpen: true };
    ({ after } = page);
  }
}

interface InvariantsJson {
  invariants: { invariant: string; violations: Record<string, unknown>[] }[];
}

/** Accounts, positions and settlements of one ledger, by its invariants. */
export async function* compareLedger({ name, dfsp, reader }: LedgerPlace): AsyncGenerator<Finding> {
  const { invariants } = await reader.read<InvariantsJson>('/invariants');
  for (const { invariant, violations } of invariants) {
    for (const row of violations) {
      yield {
        kind: 'InvariantViolated',
        isOpen: false,
        dfsp,
        subject: `${name}: ${invariant}`,
        found: JSON.stringify(row),
        cause: 'The database of the ledger was changed by hand, or is damaged.',
        action: 'Stop the ledger, and restore its last backup in which all invariants hold.',
      };
    }
  }
}

interface WindowJson {
  id: string;
  number: number;
  state: string;
  closed_at: string | null;
}

/** Settlement windows that are closed and not settled yet, of the newest 500. */
export async function* findUnsettledWindows({ reader }: LedgerPlace): AsyncGenerator<Finding> {
  const windows = await reader.read<WindowJson[]>('/settlements?limit=500');
  for (const { id, number, closed_at: closedAt, state } of windows) {
    if (state !== 'closed' || closedAt === null) continue;
    yield {
      kind: 'WindowNotSettled',
      isOpen: true,
      dfsp: undefined,
      subject: `settlement window ${number} (${id})`,
      found: 'closed, not settled',
      ageS: Math.round((Date.now() - Date.parse(closedAt)) / 1_000),
      cause: 'The bank has not moved everything, or it was not confirmed.',
      action: 'Confirm what the bank moved: docs/settlement.md.',
    };
  }
}
