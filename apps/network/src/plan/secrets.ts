import { signingKeyOf } from '@level-one/ledger';
import { demoSecretFor, type RoleName } from '@level-one/platform';
import { randomBytes } from 'node:crypto';
import type { DfspName } from './dfsps.js';

/** Every secret of a network of two DFSPs. */
export interface NetworkSecrets {
  /** Whether these are the published secrets, which roles accept only with DEMO_NETWORK=true. */
  demo: boolean;
  /** Password of the admin of the directory, the registry and every ledger. */
  admin: string;
  /** Password of the monitoring system, which reads the metrics of every role. */
  metrics: string;
  directory: Record<DfspName, string>;
  api: Record<DfspName, string>;
  /** Further `name:password` pairs of a DFSP API. */
  furtherApiCredentials: Record<DfspName, readonly string[]>;
  /** Password of a ledger account that people or a connector use. */
  accountPassword(name: string): string;
  /** Password of a role, different in each DFSP; `null` is the centre. */
  rolePassword(dfsp: DfspName | null, role: RoleName): string;
  /** Password of a role's own account on the ledger of its DFSP. */
  roleAccountPassword(dfsp: DfspName, role: RoleName): string;
  /** Secrets by which the ledgers sign their tokens. */
  tokenSecret: Record<DfspName | 'central', string>;
  /** Seeds of the keys by which the ledgers sign statements; without them ledgers make keys of `tokenSecret`. */
  ledgerSigningKey?: Record<DfspName | 'central', string>;
  /** Public keys by which the ledgers sign. */
  ledgerKey: Record<DfspName | 'central', string>;
  receiverSecret: Record<DfspName, string>;
  /** Seeds of the Ed25519 keys by which DFSPs sign requests to each other. */
  signingKey: Record<DfspName, string>;
}

/** The keys that ledgers make from the secrets of their tokens. */
function ledgerKeys(tokenSecret: NetworkSecrets['tokenSecret']): NetworkSecrets['ledgerKey'] {
  const keyOf = (ledger: DfspName | 'central'): string => signingKeyOf({ tokenSecret: tokenSecret[ledger] }).publicKey;
  return { dfsp1: keyOf('dfsp1'), dfsp2: keyOf('dfsp2'), central: keyOf('central') };
}

function randomSecret(): string {
  return randomBytes(32).toString('hex');
}

/** The demo network's published passwords, which roles accept only with DEMO_NETWORK=true. */
export function demoSecrets(): NetworkSecrets {
  const tokenSecret = {
    dfsp1: demoSecretFor('tokens dfsp1'),
    dfsp2: demoSecretFor('tokens dfsp2'),
    central: demoSecretFor('tokens central'),
  };
  return {
    demo: true,
    admin: 'admin',
    metrics: 'demo-metrics',
    directory: { dfsp1: 'dfsp1', dfsp2: 'dfsp2' },
    api: { dfsp1: 'dfsp1', dfsp2: 'dfsp2' },
    furtherApiCredentials: { dfsp1: [], dfsp2: ['test:123'] },
    accountPassword: (name) => name,
    rolePassword: (dfsp, role) => `${dfsp ?? 'centre'}-${role}`,
    roleAccountPassword: (dfsp, role) => `${dfsp}-${role}-ledger`,
    tokenSecret,
    ledgerKey: ledgerKeys(tokenSecret),
    receiverSecret: { dfsp1: demoSecretFor('receiver dfsp1'), dfsp2: demoSecretFor('receiver dfsp2') },
    signingKey: { dfsp1: demoSecretFor('signing dfsp1'), dfsp2: demoSecretFor('signing dfsp2') },
  };
}

/** Random secrets, for a network that is no demo. */
export function randomSecrets(): NetworkSecrets {
  const made = new Map<string, string>();
  const once = (purpose: string): string => {
    const secret = made.get(purpose) ?? randomSecret();
    made.set(purpose, secret);
    return secret;
  };
  const tokenSecret = { dfsp1: randomSecret(), dfsp2: randomSecret(), central: randomSecret() };
  return {
    demo: false,
    admin: randomSecret(),
    metrics: randomSecret(),
    directory: { dfsp1: randomSecret(), dfsp2: randomSecret() },
    api: { dfsp1: randomSecret(), dfsp2: randomSecret() },
    furtherApiCredentials: { dfsp1: [], dfsp2: [] },
    accountPassword: (name) => once(`account ${name}`),
    rolePassword: (dfsp, role) => once(`role ${dfsp} ${role}`),
    roleAccountPassword: (dfsp, role) => once(`account of role ${dfsp} ${role}`),
    tokenSecret,
    ledgerKey: ledgerKeys(tokenSecret),
    receiverSecret: { dfsp1: randomSecret(), dfsp2: randomSecret() },
    signingKey: { dfsp1: randomSecret(), dfsp2: randomSecret() },
  };
}
