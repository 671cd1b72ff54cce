import { useQuery } from '@tanstack/react-query';
import type { Span } from './live-feed';
import type { PaymentRecord } from './phones';
import { queryString, request } from './request';

export interface TimelineEntry {
  at: string;
  dfsp: string | null;
  role: string;
  kind: 'hop' | 'state' | 'ledgerEvent' | 'retry' | 'sweep';
  /** What it happened to: `payment`, `invoice`, `quote` and others; null for a hop. */
  of?: string | null;
  what: string;
  hop?: string | null;
  method?: string | null;
  path?: string | null;
  status?: number | null;
  durationMs?: number | null;
  spanId?: string | null;
  parentId?: string | null;
  state?: string | null;
  detail?: string | null;
}

export interface Timeline {
  paymentId: string;
  entries: TimelineEntry[];
  missing: MissingPart[];
}

/** A payment as one DFSP has it. */
export interface PaymentView {
  dfsp: string;
  side: 'debit' | 'credit';
  state: string;
  amount: string;
  currency: string;
  /** The whole answer of its DFSP API. */
  record: PaymentRecord;
}

/** What could not be read now. */
export interface MissingPart {
  dfsp: string | null;
  role: string;
  reason: string;
}

/** A payment, with what each DFSP says of it. */
export interface ShownPayment {
  paymentId: string;
  state: string;
  createdAt: string;
  /** Empty if it was not begun. */
  views: PaymentView[];
  /** Why the payer's DFSP did not begin it. */
  refusal?: { dfsp: string; status: number; id: string | null; asked?: AskedPayment };
}

/** What was to be paid, of a payment that was not begun. */
export interface AskedPayment {
  /** Numbers. */
  payer: string;
  payee: string;
  payeeDfsp: string | null;
  amount: string;
  currency: string;
}

export type PaymentDetails = ShownPayment & { missing: MissingPart[] };

export type PaymentFilters = {
  state?: string;
  dfsp?: string;
  text?: string;
  from?: string;
  to?: string;
};

export interface PaymentsPage {
  payments: ShownPayment[];
  next: string | null;
  missing: MissingPart[];
}

export const usePaymentDetails = (paymentId: string) =>
  useQuery({
    queryKey: ['payment', paymentId],
    queryFn: () => request<PaymentDetails>(`/api/payments/${paymentId}`),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? 2_000 : false),
    retry: false,
  });

/** Why a payment was not begun, and what was to be paid. */
export const useRefusal = (paymentId: string, isUnbegun: boolean) =>
  useQuery({
    queryKey: ['refusal', paymentId],
    queryFn: async () => (await readPayments({ state: 'notBegun', text: paymentId })).payments[0]?.refusal ?? null,
    enabled: isUnbegun,
    retry: false,
  });

/** Who was to pay whom, of a payment that was not begun, as long as the payer's DFSP keeps the price. */
export const usePrice = (paymentId: string, isUnbegun: boolean) =>
  useQuery({
    queryKey: ['price', paymentId],
    queryFn: () => request<{ dfsp: string; asked: AskedPayment }>(`/api/payments/${paymentId}/price`),
    enabled: isUnbegun,
    retry: false,
  });

export const useTimeline = (paymentId: string, isOpen: boolean) =>
  useQuery({
    queryKey: ['timeline', paymentId, isOpen],
    queryFn: () => request<Timeline>(`/payments/${paymentId}/timeline`),
    refetchInterval: isOpen ? 2_000 : false,
    retry: false,
  });

/** Spans of a payment, as far as the console keeps them. */
export const useSpans = (paymentId: string, isOpen: boolean) =>
  useQuery({
    queryKey: ['spans', paymentId, isOpen],
    queryFn: async () => (await request<{ spans: Span[] }>(`/api/payments/${paymentId}/spans`)).spans,
    refetchInterval: isOpen ? 2_000 : false,
    retry: false,
  });

/** What a payer keeps of a payment, and anybody can check without the network. All other members are its terms. */
export interface Receipt {
  paymentId: string;
  condition: string;
  fulfillment: string;
  [term: string]: string | null;
}

/** The receipt of a payment; null if it was not executed. */
export const useReceipt = (paymentId: string) =>
  useQuery({
    queryKey: ['receipt', paymentId],
    queryFn: async () => {
      const receipt = await request<Receipt>(`/api/payments/${paymentId}/receipt`);
      return (receipt.condition as string | null) && (receipt.fulfillment as string | null) ? receipt : null;
    },
    retry: false,
  });

export const readPayments = (filters: PaymentFilters, after?: string): Promise<PaymentsPage> =>
  request(`/api/payments${queryString({ ...filters, limit: 50, after })}`);

/** Ids of payments that begin with this, as far as lists have them. */
export const findPaymentIds = async (beginning: string): Promise<string[]> =>
  (await request<PaymentsPage>(`/api/payments${queryString({ payment: beginning, limit: 2 })}`)).payments.map(
    ({ paymentId }) => paymentId,
  );
