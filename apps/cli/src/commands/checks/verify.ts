import { INVARIANTS } from '@level-one/ledger';
import { type VerifiedLedger, verifyLedgers } from '../../../../network/src/verify/verify-ledgers.js';
import { VerifyLedgersSettings } from '../../../../network/src/verify/verify-ledgers.settings.js';
import type { RunCommand } from '../../command.js';
import { settingsOfCommand } from '../../connection/connection.js';
import { EXIT } from '../../exit-codes.js';

const SHOWN_MAX = 5;

function linesOf({ schema, violations }: VerifiedLedger): string[] {
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const count = Object.keys(INVARIANTS).length;
  const details = [...broken].flatMap((invariant) => {
    const rows = violations.filter((one) => one.invariant === invariant).map(({ row }) => `    ${JSON.stringify(row)}`);
    const more = rows.length > SHOWN_MAX ? [`    … and ${rows.length - SHOWN_MAX} more`] : [];
    return [`  VIOLATED: ${invariant}`, ...rows.slice(0, SHOWN_MAX), ...more];
  });
  return [`${schema}: ${count - broken.size} of ${count} invariants hold`, ...details];
}

/** Checks the books of every ledger of the demo network, or of one ledger in DATABASE_URL. */
export const run: RunCommand<object> = async ({ environment, output }) => {
  const ledgers: VerifiedLedger[] = [];
  output.progress('checks the books …');
  for await (const ledger of verifyLedgers(settingsOfCommand(VerifyLedgersSettings, environment))) {
    ledgers.push(ledger);
    output.text(...linesOf(ledger));
  }
  const isWrong = ledgers.some(({ violations }) => violations.length > 0);
  return { json: { ledgers, invariants: Object.keys(INVARIANTS) }, exitCode: isWrong ? EXIT.refused : EXIT.done };
};
