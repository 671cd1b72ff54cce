import type { StopTimes } from './http/graceful-stop.js';
import { ignoreClosedOutput } from './logging/log-output.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import type { RoleSettings } from './settings/role-settings.js';
import { settingsFromEnvironment, StartupError } from './settings/settings.js';
import { type RoleDefinition, startRole } from './start-role.js';

/**
 * Runs `stop` on Ctrl-C, a termination signal, or when the terminal is closed, then ends the process. A second signal ends
 * it at once; not that of a terminal, from which more than one may come.
 * @param withinMs time that `stop` may take at most
 */
export function stopOnSignal(stop: () => Promise<void>, withinMs: number): void {
  let stopping = false;
  const fail = (reason: string): void => {
    process.stderr.write(`did not stop cleanly: ${reason}\n`);
    process.exit(1);
  };
  const begin = (): void => {
    stopping = true;
    setTimeout(() => fail(`not within ${withinMs / 1_000} s`), withinMs).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    );
  };
  const beginOrEnd = (): void => {
    if (stopping) process.exit(1);
    begin();
  };
  process.on('SIGINT', beginOrEnd);
  process.on('SIGTERM', beginOrEnd);
  // Node undoes `nohup`, and ends at once by itself.
  process.on('SIGHUP', () => {
    if (!stopping) begin();
  });
}

/** Longest time for what follows the last request: background work, websockets, database. */
const STOP_REST_MS = 10_000;

/** Longest time of a whole stop. */
export function stopTimeMs({ stopDelayMs, stopWithinS }: StopTimes): number {
  return stopDelayMs + stopWithinS * 1_000 + STOP_REST_MS;
}

/** Ends the process with exit code 1 and prints one line for a {@link StartupError}, else the stack. */
export function exitOnStartupError(name: string): (error: unknown) => never {
  return (error) => {
    const known = error instanceof StartupError;
    process.stderr.write(`${name}: ${known ? error.message : ((error as Error)?.stack ?? String(error))}\n`);
    process.exit(1);
  };
}

/** Runs a role from `main.ts`, the only reader of the environment. */
export async function runRole<S extends RoleSettings>(definition: RoleDefinition<S>): Promise<void> {
  ignoreClosedOutput();
  try {
    const settings = settingsFromEnvironment(definition.settings, process.env);
    const running = await startRole(definition, settings, { process: new ProcessMetrics(definition.role) });
    const stop = async (): Promise<void> => {
      await running.leave();
      await running.close();
    };
    stopOnSignal(stop, stopTimeMs(settings));
    process.stdout.write(`${definition.role} listens on ${running.url}, documentation at ${running.url}/docs\n`);
  } catch (error) {
    exitOnStartupError(definition.role)(error);
  }
}
