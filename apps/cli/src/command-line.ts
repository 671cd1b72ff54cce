import yargs, { type Argv } from 'yargs';
import type { CommandSpec } from './command.js';
import { COMMANDS } from './commands.js';
import { CONNECTION_OPTIONS, optionName, SETTINGS_FILE } from './connection/connection-options.js';
import { WrongUseError } from './exit-codes.js';

const NETWORK_GROUP = 'Network:';
const EPILOGUE = `Exit codes: 0 done, 1 refused or differences found, 2 wrong use, 3 not reachable.
Options of the network are also read from the environment (PORT_BASE, DFSP_API_URL, …)
and from lines NAME=value in the file ${SETTINGS_FILE}.`;

/** Receives a command with its options. */
export type CommandHandler = (spec: CommandSpec, options: Record<string, unknown>) => Promise<void>;

function withNetworkOptions(parser: Argv): Argv {
  for (const option of Object.values(CONNECTION_OPTIONS)) {
    parser.option(optionName(option), { type: 'string', describe: option.meaning, group: NETWORK_GROUP });
  }
  return parser.option('config', { type: 'string', describe: 'file of settings', group: NETWORK_GROUP });
}

function addCommand(parser: Argv, spec: CommandSpec, handle: CommandHandler): void {
  parser.command(spec.command, spec.describe, spec.build ?? ((own) => own), (options) => handle(spec, options));
}

/** The parser of the command line. @throws WrongUseError for what it does not know */
export function commandLine(args: readonly string[], handle: CommandHandler): Argv {
  const parser = withNetworkOptions(yargs([...args]))
    .scriptName('levelone')
    .usage('$0 <command>: a network of Level One, from the command line')
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, errors too' })
    .locale('en')
    .wrap(100)
    .strict()
    .strictCommands()
    .demandCommand(1, 'Name a command; levelone --help lists them')
    .completion('completion', 'prints a script that completes commands and options in bash or zsh')
    .epilogue(EPILOGUE)
    .help()
    .exitProcess(false)
    .fail((message, error: unknown) => {
      // What a check of options says comes as a string.
      throw error instanceof Error ? error : new WrongUseError(message ?? String(error));
    });
  for (const command of COMMANDS) {
    if (!('commands' in command)) addCommand(parser, command, handle);
    else {
      parser.command(command.command, command.describe, (own) => {
        for (const spec of command.commands) addCommand(own, spec, handle);
        return own.demandCommand(1, `Name what to ${command.command}; levelone ${command.command} --help lists it`);
      });
    }
  }
  return parser;
}
