import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConformanceReport } from '../src/report/report.js';
import { runRoleCases } from '../src/run-role.js';
import { PLANTED_FAULTS } from './planted-faults.js';
import { ROOT, startSystem } from './started-system.js';

const EXAMPLE = join(ROOT, 'examples/spsp-backend.mjs');

async function reportOn(program: string): Promise<ConformanceReport> {
  const { run, stop } = await startSystem('spsp-backend', program);
  try {
    return await runRoleCases({ ...run, skipSlow: true });
  } finally {
    await stop();
  }
}

function findingsOf({ cases }: ConformanceReport): string[] {
  return cases.flatMap(({ finding }) => finding ?? []);
}

let folder: string;

// Not in the block below: tests that run side by side begin before the hooks of theirs.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('The conformance of the example of an SPSP backend', () => {
  it.concurrent('is complete: every case passes', async () => {
    const report = await reportOn(EXAMPLE);
    expect(findingsOf(report)).toEqual([]);
    expect(report.passed).toBeGreaterThan(150);
  });

  it.concurrent.each(PLANTED_FAULTS.map((fault, index) => [fault.name, index] as const))(
    'is not, if %s',
    async (_, index) => {
      const { replace, finding } = PLANTED_FAULTS[index]!;
      const source = readFileSync(EXAMPLE, 'utf8');
      expect(source).toContain(replace[0]);
      const program = join(folder, `fault-${index}.mjs`);
      writeFileSync(
        program,
        source
          .replace(replace[0], () => replace[1])
          .replace('const server =', 'const SEEN = new Set();\nconst server ='),
      );
      const findings = findingsOf(await reportOn(program));
      expect(findings).toContainEqual(expect.stringMatching(finding));
      for (const one of findings) expect(one).toMatch(/^(GET|POST|PUT) \/.+, see docs\/[\w./-]+/);
    },
  );
});
