import type { CallerKind } from '@level-one/platform';
import type { InstancePlan, NetworkPlan } from './topology.js';

/** `name:password` of a caller at an instance; undefined if there is not exactly one. */
export function credentialsFor(
  { secrets }: Pick<NetworkPlan, 'secrets'>,
  { role, dfsp }: Pick<InstancePlan, 'role' | 'dfsp'>,
  caller: CallerKind,
): string | undefined {
  switch (caller) {
    case 'anyone':
    case 'account':
    case 'dfsp':
    case 'viewer':
    case 'operator':
    case 'tracer':
      return undefined;
    case 'admin':
      return `admin:${secrets.admin}`;
    case 'monitor':
      return `prometheus:${secrets.metrics}`;
    case 'channel':
      return dfsp === null ? undefined : `${dfsp}:${secrets.api[dfsp]}`;
    default:
      return role === caller ? undefined : `${caller}:${secrets.rolePassword(dfsp, caller)}`;
  }
}
