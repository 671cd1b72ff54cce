import type { CaseOutcome, ConformanceCase } from './conformance-case.js';
import { NotConforming } from './not-conforming.js';

/** Runs one case after the other, and never throws for what a case finds. */
export async function runCases(
  cases: readonly ConformanceCase[],
  { skipsSlow = false, onOutcome }: { skipsSlow?: boolean; onOutcome?: (outcome: CaseOutcome) => void } = {},
): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const one of cases) {
    const outcome = skipsSlow && one.isSlow ? skipped(one) : await runCase(one);
    onOutcome?.(outcome);
    outcomes.push(outcome);
  }
  return outcomes;
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
