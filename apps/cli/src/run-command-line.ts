import { commandLine } from './command-line.js';
import type { Environment } from './connection/environment.js';
import { EXIT, type ExitCode, WrongUseError } from './exit-codes.js';
import { Output, type Streams } from './output/output.js';

/** Runs what the arguments say, prints its result or its error, and returns the exit code. */
export async function runCommandLine(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
): Promise<ExitCode> {
  const output = new Output(streams, args.includes('--json'));
  let exitCode: ExitCode = EXIT.done;
  const parser = commandLine(args, async (spec, options) => {
    const { runCommand } = await import('./run-command.js');
    exitCode = await runCommand(spec, options, environment, output);
  });
  try {
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    if (!(error instanceof WrongUseError)) throw error;
    output.error({ id: 'WrongUse', message: `${error.message.replaceAll(/\s+/g, ' ')}; see levelone --help` });
    return EXIT.wrongUse;
  }
}
