/** The twelve systems of the network (contract section 1) and the page that hosts them. */
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

/** Identity of an instance; injectable by class. */
export class RoleIdentity {
  constructor(
    readonly role: RoleName,
    /** Short name of the DFSP; null for a central role. */
    readonly dfsp: string | null,
  ) {}
}

/** Whether the text is the name of a role. */
export function isRole(name: string): name is RoleName {
  return (ROLES as readonly string[]).includes(name);
}
