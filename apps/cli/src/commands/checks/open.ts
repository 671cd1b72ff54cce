import type { OpenAtRole } from '../../../../network/src/open/read-open.js';
import { readOpen } from '../../../../network/src/open/read-open.js';
import { ReadOpenSettings } from '../../../../network/src/open/read-open.settings.js';
import type { RunCommand } from '../../command.js';
import { settingsOfCommand } from '../../connection/connection.js';
import { EXIT, type ExitCode } from '../../exit-codes.js';

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

function countLine({ kind, state, count, overdue, oldestAgeS, owner }: OpenAtRole['open'][number]): string {
  const late = overdue > 0 ? `, ${overdue} overdue` : '';
  return `  ${`${kind} ${state}`.padEnd(28)} ${count}${late}; the oldest ${ageText(oldestAgeS ?? 0)}; ends it: ${owner}`;
}

function linesOf({ name, url, open, overdue, failure }: OpenAtRole): string[] {
  if (failure !== undefined) return [`${name}: ${failure}`];
  const some = open.filter(({ count }) => count > 0);
  return [
    `${name}: ${some.length === 0 ? 'nothing is open' : ''}`.trimEnd(),
    ...some.map(countLine),
    ...overdue.flatMap(({ kind, entries, hasMore }) => [
      ...entries.map(
        ({ state, id, ageS, due }) => `    overdue: ${kind} ${id} is ${state} for ${ageText(ageS)}, was due at ${due}`,
      ),
      ...(hasMore ? [`    and more: GET ${url}/open/${kind}?overdue=true`] : []),
    ]),
  ];
}

function exitCodeOf(roles: readonly OpenAtRole[], overdue: number): ExitCode {
  if (overdue > 0) return EXIT.refused;
  return roles.some(({ failure }) => failure !== undefined) ? EXIT.notReachable : EXIT.done;
}

/** What is open at every role, and what of it is overdue. */
export const run: RunCommand<object> = async ({ environment, output }) => {
  const roles: OpenAtRole[] = [];
  for await (const role of readOpen(settingsOfCommand(ReadOpenSettings, environment))) {
    roles.push(role);
    output.text(...linesOf(role));
  }
  const overdue = roles.flatMap(({ open }) => open).reduce((sum, count) => sum + count.overdue, 0);
  output.text(overdue === 0 ? 'Nothing is overdue.' : `${overdue} overdue.`);
  return { json: { roles, overdue }, exitCode: exitCodeOf(roles, overdue) };
};
