import { type RoleName, StartupError } from '@level-one/platform';
import { FakePeers } from '@level-one/testing/peers';
import type { CaseOutcome, ConformanceCase } from './cases/conformance-case.js';
import { runCases } from './cases/run-cases.js';
import type { RoleSuite } from './common/role-suite.js';
import { Contract } from './contract/documents.js';
import { type ConformanceReport, reportOf } from './report/report.js';
import { SUITES } from './roles/suites.js';
import { SystemUnderTest } from './system/system-under-test.js';

export interface RoleRun {
  role: RoleName;
  url: string;
  dfsp: string;
  credentials: ReadonlyMap<string, string>;
  /** Where the runner plays the other roles. */
  peers: string;
  only?: RegExp | undefined;
  skipSlow?: boolean;
  hasOwnData?: boolean;
  slack?: number;
  onOutcome?: (outcome: CaseOutcome) => void;
}

/** Finds the cases of a role. @throws StartupError for a role that has none */
export function suiteOf(role: RoleName): RoleSuite {
  const suite = SUITES.get(role);
  if (suite) return suite;
  throw new StartupError(
    `there are no cases for ${role} by itself; there are some for ${[...SUITES.keys()].join(', ')}`,
  );
}

/** Runs the cases of a role against a system. @throws StartupError if its port for the other roles is taken */
export async function runRoleCases(run: RoleRun): Promise<ConformanceReport> {
  return withCases(run, async (cases) => {
    const outcomes = await runCases(cases, {
      skipsSlow: run.skipSlow ?? false,
      ...(run.onOutcome && { onOutcome: run.onOutcome }),
    });
    return reportOf(run.role, run.url, outcomes);
  });
}

/** Makes the cases of a role, with the other roles played while `use` works. */
export async function withCases<T>(run: RoleRun, use: (cases: ConformanceCase[]) => Promise<T>): Promise<T> {
  const { role, url, dfsp, credentials, only, slack = 1, hasOwnData = false } = run;
  const suite = suiteOf(role);
  const system = new SystemUnderTest({ role, url, credentials, contract: new Contract() });
  const peers = await FakePeers.start(Number(new URL(run.peers).port)).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`${run.peers} cannot be listened at (${error.code}); choose another with --peers`);
  });
  try {
    const all = await suite.casesOf({ system, peers, dfsp, slack, hasOwnData });
    return await use(all.filter(({ route, name }) => only === undefined || only.test(`${route} ${name}`)));
  } finally {
    await peers.stop();
  }
}
