/** File of settings in the working folder, if no other one is named. */
export const SETTINGS_FILE = 'levelone.env';

/** A setting of the connection to a network: an option, an environment variable, and a line of the file of settings. */
export interface ConnectionOption {
  env: string;
  meaning: string;
}

/** How to reach a network. Nothing is needed for the demo network on this machine. */
export const CONNECTION_OPTIONS = {
  portBase: { env: 'PORT_BASE', meaning: 'first port of the demo network' },
  dfsp: { env: 'DFSP', meaning: 'short name of the DFSP that is meant' },
  dfspApiUrl: { env: 'DFSP_API_URL', meaning: 'its DFSP API, base path included' },
  dfspApiCredentials: { env: 'DFSP_API_CREDENTIALS', meaning: 'name:password of a channel there' },
  dfspLedgerUrl: { env: 'DFSP_LEDGER_URL', meaning: 'its ledger, base path included' },
  centralLedgerUrl: { env: 'CENTRAL_LEDGER_URL', meaning: 'the central ledger' },
  centralDirectoryUrl: { env: 'CENTRAL_DIRECTORY_URL', meaning: 'the central directory' },
  consoleUrl: { env: 'CONSOLE_URL', meaning: 'the console of the network' },
  operatorCredentials: {
    env: 'OPERATOR_CREDENTIALS',
    meaning: 'name:password of an operator; of an administrator at ledgers and at the directory',
  },
} as const satisfies Record<string, ConnectionOption>;

/** `dfsp-api-url` for `DFSP_API_URL`. */
export function optionName({ env }: ConnectionOption): string {
  return env.toLowerCase().replaceAll('_', '-');
}
