import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
import { useLive } from '../api/live-feed';
import type { Participant, Person } from '../api/network';
import type { PhoneApi } from '../api/phones';
import type { Screen } from './screens';

/** One phone: whose it is, what it shows, and what it has from the other phone. */
export interface Phone {
  participant: Participant;
  person: Person;
  api: PhoneApi;
  currency: string;
  scale: number;
  show: (screen: Screen) => void;
  /** Address of the product whose code the other phone shows. */
  offered: string | null;
  /** Shows the other phone the code of a product, or takes it away. */
  offer: (invoiceUrl: string | null) => void;
}

export const PhoneContext = createContext<Phone | null>(null);

/** @throws Error outside a phone */
export function usePhone(): Phone {
  const phone = useContext(PhoneContext);
  if (!phone) throw new Error('This is shown in a phone only');
  return phone;
}

/** Reads again when the live feed is away. */
const POLL_MS = 10_000;

/** Reads something for a phone, and again when an invoice or a payment changes. */
export function usePhoneQuery<T>(key: readonly unknown[], read: (api: PhoneApi) => Promise<T>): UseQueryResult<T> {
  const { api, participant } = usePhone();
  return useQuery({
    queryKey: ['phone', participant.name, ...key],
    queryFn: () => read(api),
    refetchInterval: POLL_MS,
    retry: false,
  });
}

/** Lets all phones read again when the live feed reports a change. */
export function useRefreshPhones(): void {
  const { changes } = useLive();
  const queries = useQueryClient();
  useEffect(() => {
    if (changes > 0) void queries.invalidateQueries({ queryKey: ['phone'] });
  }, [changes, queries]);
}

/** Address of an invoice at the SPSP server of its issuer. */
export function invoiceUrlOf(participant: Participant, invoiceId: string): string {
  const server = participant.roles.find(({ role }) => role === 'spsp-server');
  return `${server?.url.replace(/\/v1$|\/$/, '') ?? ''}/v1/invoices/${invoiceId}`;
}
