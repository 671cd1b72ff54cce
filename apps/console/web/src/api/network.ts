import { useQuery } from '@tanstack/react-query';
import { request } from './request';

/** A person of the demo network. */
export interface Person {
  number: string;
  name: string;
  accounts: string[];
  isMerchant: boolean;
}

export interface RoleAddress {
  role: string;
  url: string;
  docsUrl: string;
}

export interface Participant {
  name: string;
  /** Null if its ledger does not answer. */
  currency: string | null;
  scale: number | null;
  people: Person[];
  roles: RoleAddress[];
}

export interface Network {
  currency: string | null;
  scale: number | null;
  participants: Participant[];
  centre: { roles: RoleAddress[] };
}

export interface Session {
  mode: 'demo' | 'operator';
  user: { name: string; role: 'viewer' | 'operator' | 'admin' } | null;
  /** Users of the demo network, each with its name as the password. */
  demoUsers?: string[];
  /** Whether the phones may be used. */
  phones?: boolean;
  /** Whether faults can be switched. */
  faults?: boolean;
}

export const useNetwork = () =>
  useQuery({ queryKey: ['network'], queryFn: () => request<Network>('/api/network'), staleTime: 60_000, retry: 5 });

export const useSession = () =>
  useQuery({ queryKey: ['session'], queryFn: () => request<Session>('/api/session'), staleTime: 60_000 });
