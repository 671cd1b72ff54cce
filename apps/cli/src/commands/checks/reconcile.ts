import { type Finding, findDifferences } from '@level-one/reconciliation';
import type { RunCommand } from '../../command.js';
import { settingsOfCommand } from '../../connection/connection.js';
import { EXIT } from '../../exit-codes.js';
import { placesOf } from './reconcile-places.js';
import { ReconcileSettings } from '../../connection/reconcile.settings.js';

function linesOf({ isOpen, dfsp, kind, paymentId, subject, found, ageS, cause, action }: Finding): string[] {
  const what = [dfsp ?? 'centre', paymentId && `payment ${paymentId}`, subject].filter(Boolean).join(', ');
  return [
    `${isOpen ? 'OPEN' : 'DIFFERENCE'} ${kind}: ${what}`,
    `  found:  ${found}${ageS === undefined ? '' : `; ${ageS} s old`}`,
    ...(isOpen ? [] : [`  cause:  ${cause}`, `  action: ${action}`]),
  ];
}

/**
 * Compares the ledgers' transfers, the connectors' books, positions, invoices, notifications, quotes and limits of the
 * demo network, or of one DFSP. It reads only.
 */
export const run: RunCommand<{ since?: string }> = async ({ environment, output }, { since }) => {
  const settings = settingsOfCommand(ReconcileSettings, {
    ...environment,
    ...(since !== undefined && { RECONCILE_FROM: since }),
  });
  const compared: string[] = [];
  const findings: Finding[] = [];
  let [differences, open] = [0, 0];
  const tell = (line: string): void => {
    output.text(line);
    if (output.isJson) compared.push(line);
  };
  output.progress('compares the records …');
  for await (const finding of findDifferences(placesOf(settings), { from: settings.reconcileFrom, tell })) {
    if (finding.isOpen) open += 1;
    else differences += 1;
    output.text(...linesOf(finding));
    // Text is printed as it comes: there may be many findings.
    if (output.isJson) findings.push(finding);
  }
  output.text(`${differences} differences, ${open} open`);
  return { json: { differences, open, findings, compared }, exitCode: differences > 0 ? EXIT.refused : EXIT.done };
};
