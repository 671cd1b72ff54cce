import type { RoleName } from '@level-one/platform';
import { commonCases } from '../../common/common-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite } from '../../common/role-suite.js';
import { frameCases } from './frame-cases.js';
import { ledgerUses } from './ledger-uses.js';
import { moneyCases } from './money-cases.js';
import { LedgerUnderTest } from './test-ledger.js';

/** One surface at three bases (contract section 3). An adapter is tested with the ledger that is behind it. */
function ledgerSuite(role: RoleName): RoleSuite {
  return {
    role,
    plays: [],
    casesOf: async (context) => {
      const ledger = new LedgerUnderTest(context.system, context.system.contract.basePath(role));
      await ledger.open().catch(() => undefined);
      return [
        ...roleCases(context, 'admin'),
        ...(await commonCases(context, ledgerUses(ledger))),
        ...moneyCases(ledger),
        ...frameCases(ledger),
      ];
    },
  };
}

export const ledgerSuites: readonly RoleSuite[] = (['dfsp-ledger', 'ledger-adapter', 'central-ledger'] as const).map(
  ledgerSuite,
);
