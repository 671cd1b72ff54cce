import { StartupError } from '@level-one/platform';
import { RoleRefusedError, RoleUnreachableError } from '../../network/src/role-reader.js';
import type { CommandSpec } from './command.js';
import { Connection } from './connection/connection.js';
import { type Environment, mergedEnvironment } from './connection/environment.js';
import { CommandFailedError, EXIT, type ExitCode, WrongUseError } from './exit-codes.js';
import type { Output } from './output/output.js';

interface Failure {
  error: { id: string; message: string; status?: number };
  exitCode: ExitCode;
}

/** What an error means for the caller of a command. */
export function failureOf(error: unknown, connection?: Connection): Failure {
  if (error instanceof RoleUnreachableError) {
    const advice = connection?.isDemo ? '; start the demo network with: levelone up' : '';
    return { error: { id: 'NotReachable', message: `${error.message}${advice}` }, exitCode: EXIT.notReachable };
  }
  if (error instanceof RoleRefusedError) {
    return { error: { id: error.id, message: error.message, status: error.status }, exitCode: EXIT.refused };
  }
  if (error instanceof CommandFailedError) {
    return { error: { id: error.id, message: error.message }, exitCode: error.exitCode };
  }
  if (error instanceof WrongUseError) {
    return { error: { id: 'WrongUse', message: error.message }, exitCode: EXIT.wrongUse };
  }
  const { message, stack } = error as Error;
  const shown = error instanceof StartupError ? message : (stack ?? String(error));
  return { error: { id: 'Failed', message: shown }, exitCode: EXIT.refused };
}

/** Runs a command with its options, prints its result or its error, and returns the exit code. */
export async function runCommand(
  spec: CommandSpec,
  options: Record<string, unknown>,
  given: Environment,
  output: Output,
): Promise<ExitCode> {
  let connection: Connection | undefined;
  try {
    const environment = mergedEnvironment(options, given);
    connection = new Connection(environment);
    const run = await spec.load();
    const result = await run({ environment, connection, output }, options);
    output.json(result.json);
    return result.exitCode ?? EXIT.done;
  } catch (error) {
    const failure = failureOf(error, connection);
    output.error(failure.error);
    return failure.exitCode;
  }
}
