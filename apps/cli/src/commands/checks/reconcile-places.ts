import { credentialPairs } from '@level-one/platform';
import type { AccountPlace, DfspPlace, LedgerPlace, Places } from '@level-one/reconciliation';
import { demoPlan } from '../../../../network/src/plan/demo-plan.js';
import { demoSecrets } from '../../../../network/src/plan/secrets.js';
import { RoleReader } from '../../../../network/src/role-reader.js';
import type { ReconcileSettings } from '../../connection/reconcile.settings.js';

export function placesOf(settings: ReconcileSettings): Places {
  return settings.dfspApiUrl === undefined ? placesOfNetwork(settings) : { dfsps: [placeOf(settings)], ledgers: [] };
}

/** The settings of one DFSP are given together. */
function placeOf(settings: ReconcileSettings): DfspPlace {
  const [admin] = credentialPairs(settings.dfspApiAdminCredentials ?? '');
  return {
    dfsp: settings.dfsp ?? '',
    api: new RoleReader({ baseUrl: baseOf(settings.dfspApiUrl), ...admin! }),
    books: {
      own: accountAt(settings.dfspLedgerUrl, settings.ledgerName, settings.ledgerPassword),
      central: accountAt(settings.centralLedgerUrl, settings.centralLedgerName, settings.centralLedgerPassword),
    },
  };
}

/** An account that reads itself. */
function accountAt(url: string | undefined, name = '', password = ''): AccountPlace {
  return { reader: new RoleReader({ baseUrl: baseOf(url), name, password }), account: name };
}

/** A demo network as a whole. */
export function placesOfNetwork({ portBase }: Pick<ReconcileSettings, 'portBase'>): Places {
  const { instances } = demoPlan(portBase);
  const admin = (baseUrl: string): RoleReader =>
    new RoleReader({ baseUrl, name: 'admin', password: demoSecrets().admin });
  const dfsps = instances.flatMap(({ role, dfsp, environment }): DfspPlace[] => {
    if (role !== 'ilp-connector' || dfsp === null) return [];
    const value = (name: string): string => environment[name] ?? '';
    return [
      {
        dfsp,
        api: admin(value('DFSP_API_URL')),
        books: {
          own: accountAt(value('DFSP_LEDGER_URL'), value('LEDGER_NAME'), value('LEDGER_PASSWORD')),
          central: accountAt(
            value('CENTRAL_LEDGER_URL'),
            value('CENTRAL_LEDGER_NAME'),
            value('CENTRAL_LEDGER_PASSWORD'),
          ),
        },
      },
    ];
  });
  const ledgers = instances.flatMap(({ role, dfsp, baseUrl, environment }): LedgerPlace[] => {
    if (role === 'central-ledger') return [{ name: role, dfsp: undefined, reader: admin(baseUrl) }];
    if (role !== 'dfsp-ledger' || dfsp === null) return [];
    return [{ name: `${dfsp}/${role}`, dfsp, reader: admin(environment['DFSP_LEDGER_URL'] ?? '') }];
  });
  return { dfsps, ledgers };
}

function baseOf(url = ''): string {
  return url.replace(/\/+$/, '');
}
