import type { Argv } from 'yargs';
import type { Connection } from './connection/connection.js';
import type { Environment } from './connection/environment.js';
import type { CommandResult, Output } from './output/output.js';

/** What each command gets beside its options. */
export interface CommandContext {
  /** Settings from options, environment and file. */
  environment: Environment;
  connection: Connection;
  output: Output;
}

/** Does what a command is for. `options` are those of its builder, as yargs parsed them. */
export type RunCommand<Options> = (context: CommandContext, options: Options) => Promise<CommandResult>;

/** A command as the parser knows it. Its work is imported when it is run, so that help and completion are fast. */
export interface CommandSpec<Options = any> {
  command: string;
  describe: string;
  build?: (parser: Argv) => Argv;
  load: () => Promise<RunCommand<Options>>;
}
