import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MissingPart } from './payments';
import { queryString, request, requestFile } from './request';

export interface RoleHealth {
  role: string;
  dfsp: string | null;
  url: string;
  docsUrl: string;
  /** `up`: ready to work. */
  health: string;
  message?: string | null;
  version: string | null;
  instances: number | null;
}

export interface OpenKind {
  dfsp: string | null;
  role: string;
  kind: string;
  state: string;
  count: number;
  /** Those that should have ended. */
  overdue: number;
  oldestAgeS: number | null;
  owner: string;
  ends: string;
  atMost: string;
}

export interface Undelivered {
  dfsp: string;
  role: string;
  id: string;
  kind: string;
  to: string | null;
  state: string;
  attempts: number | null;
  since: string | null;
  error: string | null;
}

export interface Position {
  account: string;
  net: string;
  unsettled: string;
  held: string;
  /** Null without a cap. */
  net_debit_cap: string | null;
  used_percent: number | null;
}

export interface Window {
  id: string;
  number: number;
  state: 'open' | 'closed' | 'settled';
  opened_at: string;
  closed_at: string | null;
  settled_at: string | null;
  transfer_count: number | null;
}

export interface WindowPosition {
  account: string;
  net: string;
  confirmed: string;
  outstanding: string;
}

export interface WindowDetails extends Window {
  positions: WindowPosition[];
}

/** Something that differs between the records, or is not ended yet. */
export interface Difference {
  place: string;
  kind: string;
  what: string;
  cause: string | null;
  todo: string | null;
  paymentId: string | null;
}

/** The last comparison of the records of the network. */
export interface Reconciliation {
  state: 'none' | 'running' | 'done' | 'failed';
  ranAt: string | null;
  /** Rows that were compared. */
  compared: number | null;
  differences: Difference[];
  /** What has not ended yet. */
  open: Difference[];
  missing: MissingPart[];
}

/** A row that should have ended. */
export interface OverdueRow {
  kind: string;
  state: string;
  /** Of a payment, a transfer and what belongs to one it is the paymentId. */
  id: string;
  ageS: number;
  due: string | null;
}

export interface NetworkOpen {
  open: OpenKind[];
  missing: MissingPart[];
}

export interface LedgerInvariants {
  ledger: string;
  isKept: boolean;
  /** Number of invariants that were checked. */
  checked: number;
  problems: string[];
}

export interface ParticipantState {
  name: string;
  currency: string | null;
  state: string;
  /** Null without a cap; absent if it is not known now. */
  netDebitCap?: string | null;
  url?: string | null;
}

/** What the directory knows of a DFSP. */
export interface ParticipantDetails {
  name: string;
  since: string;
  reason?: string;
  schemeAdapterUrl?: string;
  ilpPrefix: string;
  centralAccount: string;
  /** Valid ones, without their secrets. */
  credentials: { key: string; addedAt: string }[];
  signingKeys: { keyId: string; addedAt: string }[];
}

export interface ChartPoint {
  at: string;
  [series: string]: number | string | null;
}

export interface Charts {
  /** Payments a second. */
  rate: ChartPoint[];
  /** Milliseconds. */
  latency: ChartPoint[];
  /** Payments by state. */
  states: { state: string; count: number }[];
  /** Net positions of the DFSPs. */
  positions: ChartPoint[];
}

export interface AuditEntry {
  id: string;
  at: string;
  who: string;
  action: string;
  subject: string | null;
  detail: unknown;
  outcome: string;
}

export type ChangeKind =
  'close-window' | 'settle-window' | 'set-cap' | 'suspend-participant' | 'resume-participant' | 'resend';

export interface Change {
  id: string;
  kind: ChangeKind;
  parameters: Readonly<Record<string, unknown>>;
  state: string;
  proposedBy: string;
  proposedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  /** `done`, or why it failed. */
  outcome: string | null;
}

const REFRESH_MS = 5_000;
const RUNNING_MS = 1_000;

/** Reads something for operators, and again every few seconds. */
export const useOperator = <T>(path: string, refetchInterval: number | false = REFRESH_MS) =>
  useQuery({
    queryKey: ['operator', path],
    queryFn: () => request<T>(`/api/${path}`),
    refetchInterval,
    retry: false,
  });

/** What the DFSPs owe at the centre, and their caps; read only where they are needed. */
export const usePositions = (isNeeded: boolean) =>
  useQuery({
    queryKey: ['operator', 'positions', 'once'],
    queryFn: () => request<{ positions: Position[] }>('/api/positions'),
    enabled: isNeeded,
    retry: false,
  });

const PAGE = 50;

/**
 * Reads a list for operators page by page, and what was read again every few seconds.
 * @param next how a page is asked for that comes after another one; a value of undefined is the end
 */
export const useOperatorPages = <T>(
  path: string,
  next: { parameter: string; valueAfter: (page: T, limit: number) => string | undefined },
) =>
  useInfiniteQuery({
    queryKey: ['operator', path, 'pages'],
    queryFn: ({ pageParam }) => request<T>(pagePath(path, { limit: PAGE, [next.parameter]: pageParam })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: T) => next.valueAfter(page, PAGE),
    refetchInterval: REFRESH_MS,
    retry: false,
  });

const pagePath = (path: string, page: Parameters<typeof queryString>[0]) =>
  `/api/${path}${path.includes('?') ? queryString(page).replace('?', '&') : queryString(page)}`;

/** How lists are read on that say themselves where. */
export const BY_NEXT = { parameter: 'after', valueAfter: (page: { next: string | null }) => page.next ?? undefined };

/** The last comparison; while one runs it is read every second. */
export const useReconciliation = () =>
  useQuery({
    queryKey: ['operator', 'reconciliation'],
    queryFn: () => request<Reconciliation>('/api/reconciliation'),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? RUNNING_MS : false),
    retry: false,
  });

/** Sends something of an operator, and reads everything of operators again. */
export function useOperatorCall<T = void>(call: (value: T) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: call,
    onSettled: () => queries.invalidateQueries({ queryKey: ['operator'] }),
  });
}

/** Saves the payments of a closed window as a file of the browser. @param file `payments.csv` or `pain.001.xml` */
export async function downloadPaymentFile({ id, number }: Window, file: string): Promise<void> {
  const url = URL.createObjectURL(await requestFile(`/api/windows/${id}/${file}`));
  const link = document.createElement('a');
  link.href = url;
  link.download = `window-${number}-${file}`;
  link.click();
  URL.revokeObjectURL(url);
}

export const proposeChange = (change: Pick<Change, 'kind' | 'parameters'>): Promise<Change> =>
  request('/api/changes', { method: 'POST', body: change });

export const decideChange = ({ id, decision }: { id: string; decision: 'approve' | 'reject' }): Promise<Change> =>
  request(`/api/changes/${id}/${decision}`, { method: 'POST', body: {} });
