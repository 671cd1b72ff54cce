import type { CaseOutcome, ConformanceCase } from './conformance-case.js';
import { NotConforming } from './not-conforming.js';

/**
 * Runs one case after the other, and at the end those side by side that only wait. Never throws for what a case finds.
 * @returns in the order of the cases
 */
export async function runCases(
  cases: readonly ConformanceCase[],
  { skipsSlow = false, onOutcome }: { skipsSlow?: boolean; onOutcome?: (outcome: CaseOutcome) => void } = {},
): Promise<CaseOutcome[]> {
  const outcomes = new Map<ConformanceCase, CaseOutcome>();
  const run = async (one: ConformanceCase): Promise<void> => {
    const outcome = skipsSlow && one.isSlow ? skipped(one) : await runCase(one);
    outcomes.set(one, outcome);
    onOutcome?.(outcome);
  };
  for (const one of cases) if (!one.isPatient) await run(one);
  await Promise.all(cases.filter(({ isPatient }) => isPatient).map(run));
  return cases.map((one) => outcomes.get(one)!);
}

async function runCase(one: ConformanceCase): Promise<CaseOutcome> {
  const { name, route, hops, page } = one;
  const start = performance.now();
  const ended = () => ({ name, route, hops, page, durationMs: Math.round(performance.now() - start) });
  try {
    await one.run();
    return { ...ended(), outcome: 'passed' };
  } catch (error) {
    return { ...ended(), outcome: 'failed', finding: `${findingOf(one, error)}, see docs/${page}` };
  }
}

function findingOf({ route, name }: ConformanceCase, error: unknown): string {
  if (error instanceof NotConforming) return error.message;
  return `${route}: the case "${name}" could not be carried out: ${error instanceof Error ? error.message : String(error)}`;
}

function skipped({ name, route, hops, page }: ConformanceCase): CaseOutcome {
  return { name, route, hops, page, outcome: 'skipped', durationMs: 0 };
}
