import { type RoleName, StartupError } from '@level-one/platform';
import { FakePeers } from '@level-one/testing/peers';
import type { CaseOutcome, ConformanceCase } from './cases/conformance-case.js';
import { runCases } from './cases/run-cases.js';
import type { RoleSuite, SuiteContext } from './common/role-suite.js';
import { Contract } from './contract/documents.js';
import { type ConformanceReport, reportOf } from './report/report.js';
import { SUITES } from './roles/suites.js';
import { SystemUnderTest } from './system/system-under-test.js';

export interface RoleRun {
  role: RoleName;
  url: string;
  dfsp: string;
  credentials: ReadonlyMap<string, string>;
  /** Where the runner plays the other roles, as the system is told of it. */
  peers: string;
  /** Port on loopback at which it does, where that is not the one of `peers`: behind a proxy, or from a container. */
  peersPort?: number | undefined;
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
  const { cases, close } = await openCases(run);
  try {
    return await use(cases);
  } finally {
    await close();
  }
}

/** The cases of a role, with the other roles played until `close`. */
export interface OpenCases {
  cases: ConformanceCase[];
  context: SuiteContext;
  close: () => Promise<void>;
}

/** @throws StartupError if the port for the other roles is taken */
export async function openCases(run: RoleRun): Promise<OpenCases> {
  const { role, url, dfsp, credentials, only, slack = 1, hasOwnData = false } = run;
  const suite = suiteOf(role);
  const system = new SystemUnderTest({ role, url, credentials, contract: new Contract() });
  const port = run.peersPort ?? Number(new URL(run.peers).port);
  const peers = await FakePeers.start(port, Date.now() * 1_000).catch((error: NodeJS.ErrnoException) => {
    throw new StartupError(`port ${port} cannot be listened at (${error.code}); choose another with --peers`);
  });
  try {
    const context = { system, peers, peersUrl: run.peers, dfsp, slack, hasOwnData };
    const all = await suite.casesOf(context);
    const cases = all.filter(({ route, name }) => only === undefined || only.test(`${route} ${name}`));
    return { cases, context, close: () => peers.stop() };
  } catch (error) {
    await peers.stop();
    throw error;
  }
}
