import { credentialPairs } from '@level-one/platform';
import { demoPlan } from '../plan/demo-plan.js';
import { demoSecrets } from '../plan/secrets.js';
import type { ReconcileSettings } from './reconcile.settings.js';
import type { ReadAddress } from '../role-reader.js';

/** Where the records of one DFSP are read. */
export interface DfspPlace {
  dfsp: string;
  api: ReadAddress;
  /** Its connector's account on its own ledger. */
  own: ReadAddress;
  /** Its account at the centre. */
  central: ReadAddress;
}

/** A ledger whose invariants are checked. */
export interface LedgerPlace {
  name: string;
  /** Undefined at the centre. */
  dfsp: string | undefined;
  admin: ReadAddress;
}

export interface Places {
  dfsps: DfspPlace[];
  /** None if one DFSP alone is compared: its administrators read `GET /invariants` of their ledger themselves. */
  ledgers: LedgerPlace[];
}

export function placesOf(settings: ReconcileSettings): Places {
  return settings.dfspApiUrl === undefined ? placesOfNetwork(settings) : { dfsps: [placeOf(settings)], ledgers: [] };
}

/** The settings of one DFSP are given together. */
function placeOf(settings: ReconcileSettings): DfspPlace {
  const [admin] = credentialPairs(settings.dfspApiAdminCredentials ?? '');
  return {
    dfsp: settings.dfsp ?? '',
    api: { baseUrl: baseOf(settings.dfspApiUrl), ...admin! },
    own: {
      baseUrl: baseOf(settings.dfspLedgerUrl),
      name: settings.ledgerName ?? '',
      password: settings.ledgerPassword ?? '',
    },
    central: {
      baseUrl: baseOf(settings.centralLedgerUrl),
      name: settings.centralLedgerName ?? '',
      password: settings.centralLedgerPassword ?? '',
    },
  };
}

/** A demo network as a whole. */
export function placesOfNetwork({ portBase }: Pick<ReconcileSettings, 'portBase'>): Places {
  const { instances } = demoPlan(portBase);
  const admin = (baseUrl: string): ReadAddress => ({ baseUrl, name: 'admin', password: demoSecrets().admin });
  const dfsps = instances.flatMap(({ role, dfsp, environment }): DfspPlace[] => {
    if (role !== 'ilp-connector' || dfsp === null) return [];
    const value = (name: string): string => environment[name] ?? '';
    return [
      {
        dfsp,
        api: admin(value('DFSP_API_URL')),
        own: { baseUrl: value('DFSP_LEDGER_URL'), name: value('LEDGER_NAME'), password: value('LEDGER_PASSWORD') },
        central: {
          baseUrl: value('CENTRAL_LEDGER_URL'),
          name: value('CENTRAL_LEDGER_NAME'),
          password: value('CENTRAL_LEDGER_PASSWORD'),
        },
      },
    ];
  });
  const ledgers = instances.flatMap(({ role, dfsp, baseUrl, environment }): LedgerPlace[] => {
    if (role === 'central-ledger') return [{ name: role, dfsp: undefined, admin: admin(baseUrl) }];
    if (role !== 'dfsp-ledger' || dfsp === null) return [];
    return [{ name: `${dfsp}/${role}`, dfsp, admin: admin(environment['DFSP_LEDGER_URL'] ?? '') }];
  });
  return { dfsps, ledgers };
}

function baseOf(url = ''): string {
  return url.replace(/\/+$/, '');
}
