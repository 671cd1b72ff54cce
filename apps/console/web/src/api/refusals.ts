import { useInfiniteQuery } from '@tanstack/react-query';
import type { MissingPart } from './payments';
import { queryString, request } from './request';

/** What a DFSP refused before there was a payment: a row of a list, or a request. */
export interface Refusal {
  createdAt: string;
  dfsp: string;
  row?: {
    bulkPaymentId: string;
    line: number;
    state: 'refused' | 'failed';
    sourceIdentifier: string;
    identifier: string;
    amount: string;
    currency?: string;
    paymentId: string;
  };
  path?: string;
  status?: number;
  id: string | null;
  /** Which limit, or how the invoice ended. */
  type?: string;
  /** Of a request: what failed first between roles. */
  failed?: { from: string; to: string; hop: string; status: number | null; error: string | null };
  message?: string;
  fault: 'caller' | 'customer' | 'operator' | 'other' | 'time' | null;
  means: string | null;
  advice: string | null;
}

export type RefusalFilters = {
  dfsp?: string;
  text?: string;
  from?: string;
  to?: string;
};

interface RefusalsPage {
  refusals: Refusal[];
  next: string | null;
  missing: MissingPart[];
}

/** What was refused, page by page. */
export const useRefusals = (filters: RefusalFilters) =>
  useInfiniteQuery({
    queryKey: ['operator', 'refusals', filters],
    queryFn: ({ pageParam }) =>
      request<RefusalsPage>(`/api/refusals${queryString({ ...filters, limit: 50, after: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    retry: false,
  });
