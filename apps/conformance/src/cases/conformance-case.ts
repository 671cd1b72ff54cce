/** One thing that must hold of a system. */
export interface ConformanceCase {
  /** A sentence that says what holds. */
  name: string;
  /** Route as the contract writes it, or another group of the report. */
  route: string;
  /** Hops that the case belongs to. */
  hops: readonly string[];
  /** Page below `docs/` that says it, with its anchor: `contract/ledger.md#s3.4`. */
  page: string;
  /** Waits for a time limit to pass. */
  isSlow?: boolean;
  /** Only waits, and is neither disturbed by other cases of this kind nor disturbs them: they run side by side. */
  isPatient?: boolean;
  /** @throws NotConforming */
  run: () => Promise<void>;
}

/** A case of a route. @param page below `docs/`, with its anchor */
export function caseOf(route: string, name: string, page: string, run: () => Promise<void>): ConformanceCase {
  return { name, route, page, hops: [], run };
}

/** What became of one case. */
export interface CaseOutcome {
  name: string;
  route: string;
  hops: readonly string[];
  page: string;
  outcome: 'passed' | 'failed' | 'skipped';
  durationMs: number;
  /** What is wrong and where the contract says it; only of failed cases. */
  finding?: string;
}
