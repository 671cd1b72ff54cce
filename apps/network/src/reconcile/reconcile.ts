import { settingsFromEnvironment, StartupError } from '@level-one/platform';
import { findDifferences } from './find-differences.js';
import type { Finding } from './findings.js';
import { placesOf } from './places.js';
import { ReconcileSettings } from './reconcile.settings.js';

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printFinding({ isOpen, dfsp, kind, paymentId, subject, found, ageS, cause, action }: Finding): void {
  const what = [dfsp ?? 'centre', paymentId && `payment ${paymentId}`, subject].filter(Boolean).join(', ');
  printLine(`${isOpen ? 'OPEN' : 'DIFFERENCE'} ${kind}: ${what}`);
  printLine(`  found:  ${found}${ageS === undefined ? '' : `; ${ageS} s old`}`);
  if (isOpen) return;
  printLine(`  cause:  ${cause}`);
  printLine(`  action: ${action}`);
}

/**
 * Compares the ledgers' transfers, the connectors' books, positions, invoices, notifications, quotes and limits of the
 * demo network, or of one DFSP. It reads only. Exit code 0: no difference; 1: differences; 2: not everything could be
 * read.
 */
async function run(): Promise<void> {
  const settings = settingsFromEnvironment(ReconcileSettings, process.env);
  let [differences, open] = [0, 0];
  for await (const finding of findDifferences(placesOf(settings), { from: settings.reconcileFrom, tell: printLine })) {
    if (finding.isOpen) open += 1;
    else differences += 1;
    printFinding(finding);
  }
  printLine(`${differences} differences, ${open} open`);
  if (differences > 0) process.exitCode = 1;
}

run().catch((error: unknown) => {
  const reason = error instanceof StartupError ? error.message : ((error as Error).stack ?? String(error));
  process.stderr.write(`reconcile: ${reason}\n`);
  process.exit(2);
});
