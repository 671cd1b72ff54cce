import { useQuery } from '@tanstack/react-query';
import { request } from './request';

/** What is done to a request or a frame; times are in ms. As in docs/faults.md. */
export interface FaultRule {
  kind?: 'request' | 'frame';
  place?: string;
  hop?: string;
  event?: string;
  times?: number;
  action: { do: string; status?: number; id?: string; ms?: number; when?: 'before' | 'after' };
}

/** A rule that is in force, with how many passages it has met and holds. */
export interface ActiveFault {
  id: string;
  rule: FaultRule;
  met: number;
  held: number;
}

export const useFaults = () =>
  useQuery({
    queryKey: ['faults'],
    queryFn: async () => {
      const answer = await request<ActiveFault[] | { faults: ActiveFault[] }>('/api/faults');
      return Array.isArray(answer) ? answer : answer.faults;
    },
    refetchInterval: 3_000,
    retry: false,
  });

export const switchFault = (rule: FaultRule): Promise<unknown> =>
  request('/api/faults', { method: 'POST', body: rule });

export const endFault = (id: string): Promise<unknown> => request(`/api/faults/${id}`, { method: 'DELETE' });
