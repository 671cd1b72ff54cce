import { describe, expect, it } from '@jest/globals';
import type { CaseOutcome } from '../cases/conformance-case.js';
import { htmlReport } from './html-report.js';
import { junitReport } from './junit-report.js';
import { reportOf } from './report.js';
import { textReport } from './text-report.js';

const FINDING =
  'PUT /ledger/transfers/{id}: <b>&\u0007 was answered 422; must be answered 200, see docs/contract/ledger.md#s3.4';

function outcome(changes: Partial<CaseOutcome>): CaseOutcome {
  const route = 'PUT /ledger/transfers/{id}';
  return {
    name: 'a case',
    route,
    hops: ['P.E'],
    page: 'contract/ledger.md#s3.4',
    outcome: 'passed',
    durationMs: 1_500,
    ...changes,
  };
}

const CASES = [
  outcome({}),
  outcome({ outcome: 'failed', finding: FINDING }),
  outcome({ outcome: 'skipped', route: 'GET /x' }),
];
const REPORT = reportOf('dfsp-ledger', 'http://127.0.0.1:1', CASES, new Date(0));

describe('the report of a run', () => {
  it('counts what passed, failed and was left out', () => {
    expect(REPORT).toMatchObject({ passed: 1, failed: 1, skipped: 1, durationMs: 4_500 });
  });

  it('says in plain text what is wrong and where the contract says it', () => {
    const text = textReport(REPORT);
    expect(text).toContain(`1. ${FINDING}`);
    expect(text.split('\n').at(-1)).toBe('dfsp-ledger at http://127.0.0.1:1: 1 of 2 cases passed, 1 failed, 1 skipped');
  });

  it('is a page in which nothing of the system is read as markup', () => {
    const page = htmlReport(REPORT);
    expect(page).toContain('&lt;b&gt;&amp; was answered 422');
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/<script|src=|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it('is JUnit XML with a suite for each route, without characters that XML has not', () => {
    const xml = junitReport(REPORT);
    expect(xml).toContain('<testsuite name="PUT /ledger/transfers/{id}" tests="2" failures="1" skipped="0"');
    expect(xml).toContain('<failure message="PUT /ledger/transfers/{id}: &lt;b&gt;&amp; was answered 422;');
    expect(xml).toContain('<skipped/>');
    expect(xml).not.toContain('\u0007');
  });
});
