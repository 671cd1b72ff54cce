/** The twelve systems of the network (contract section 1). */
export const ROLES = [
  'dfsp-api',
  'spsp-client-proxy',
  'spsp-client',
  'spsp-server',
  'spsp-backend',
  'scheme-adapter',
  'ledger-adapter',
  'ilp-connector',
  'dfsp-ledger',
  'central-directory',
  'end-user-registry',
  'central-ledger',
] as const;

export type RoleName = (typeof ROLES)[number];

/** A role, or the console, which looks after a network and takes part in no payment. */
export type ServiceName = RoleName | 'console';

/** Identity of an instance; injectable by class. */
export class RoleIdentity {
  constructor(
    readonly role: ServiceName,
    /** Short name of the DFSP; null for a central role. */
    readonly dfsp: string | null,
  ) {}
}

/** Whether the text is the name of a role. */
export function isRole(name: string): name is RoleName {
  return (ROLES as readonly string[]).includes(name);
}
