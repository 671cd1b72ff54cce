import { useQuery } from '@tanstack/react-query';
import type { Receipt } from '../payments/receipt-check';
import type { Span } from './live-feed';
import type { PaymentRecord } from './phones';
import { queryString, request } from './request';

export interface TimelineEntry {
  at: string;
  dfsp: string | null;
  role: string;
  kind: 'hop' | 'state' | 'ledgerEvent' | 'retry' | 'sweep';
  what: string;
  hop?: string | null;
  method?: string | null;
  path?: string | null;
  status?: number | null;
  durationMs?: number | null;
  spanId?: string | null;
  parentId?: string | null;
  state?: string | null;
  detail?: unknown;
}

export interface Timeline {
  paymentId: string;
  entries: TimelineEntry[];
  missing: { dfsp: string | null; role: string; reason: string }[];
}

/** A payment as one DFSP has it. */
export interface PaymentSide extends PaymentRecord {
  dfsp: string;
  step?: string;
  commission?: string;
  expiresAt?: string;
}

export interface PaymentFilters {
  state?: string;
  dfsp?: string;
  text?: string;
  from?: string;
  to?: string;
}

export interface PaymentsPage {
  payments: PaymentSide[];
  next: string | null;
}

/** Sides of a payment, in whatever form the console lists them. */
export interface PaymentDetails {
  paymentId: string;
  sides: PaymentSide[];
}

export const usePaymentDetails = (paymentId: string) =>
  useQuery({
    queryKey: ['payment', paymentId],
    queryFn: () => request<PaymentDetails>(`/api/payments/${paymentId}`),
    refetchInterval: ({ state }) => (state.data?.sides.some((side) => side.state === 'pending') ? 2_000 : false),
    retry: false,
  });

export const useTimeline = (paymentId: string, isOpen: boolean) =>
  useQuery({
    queryKey: ['timeline', paymentId, isOpen],
    queryFn: () => request<Timeline>(`/payments/${paymentId}/timeline`),
    refetchInterval: isOpen ? 2_000 : false,
    retry: false,
  });

export const useReceipt = (paymentId: string) =>
  useQuery({
    queryKey: ['receipt', paymentId],
    queryFn: () => request<Receipt>(`/api/payments/${paymentId}/receipt`),
    staleTime: Infinity,
    retry: false,
  });

export const readPayments = (filters: PaymentFilters, after?: string): Promise<PaymentsPage> =>
  request(`/api/payments${queryString({ ...filters, limit: 50, after })}`);

/** The hops of a timeline as spans, for the drawing. The side that was called has a parent with the same hop. */
export function spansOf({ paymentId, entries }: Timeline): Span[] {
  const hops = entries.filter((entry) => entry.kind === 'hop' && entry.spanId);
  const hopOf = new Map(hops.map((entry) => [entry.spanId, entry.hop]));
  return hops.map((entry) => {
    const detail = (entry.detail ?? {}) as Partial<Span>;
    const isFrame = entry.method === 'WS' || (detail.frame ?? null) !== null;
    const isCalled = entry.hop !== null && hopOf.get(entry.parentId) === entry.hop;
    return {
      traceId: paymentId,
      spanId: entry.spanId!,
      parentId: entry.parentId ?? null,
      paymentId,
      hop: entry.hop ?? null,
      kind: detail.kind ?? (isFrame ? 'consumer' : isCalled ? 'server' : 'client'),
      role: entry.role,
      dfsp: entry.dfsp === 'centre' ? null : entry.dfsp,
      peer: detail.peer ?? null,
      name: entry.what,
      method: entry.method ?? null,
      path: entry.path ?? null,
      status: entry.status ?? null,
      frame: detail.frame ?? null,
      startMs: detail.startMs ?? Date.parse(entry.at),
      durationMs: entry.durationMs ?? 0,
      requestBody: detail.requestBody ?? null,
      responseBody: detail.responseBody ?? null,
      error: detail.error ?? null,
    };
  });
}
