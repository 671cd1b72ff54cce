import { join } from 'node:path';
import { runCommandLine } from './run-command-line.js';

/** Folder of the checkout: from dist/apps/cli/src. */
const ROOT = join(import.meta.dirname, '../../../..');

/** Data of the demo network is where `npm start` has it, whatever folder the command is called from. */
const environment = { DATA_DIR: join(ROOT, 'data'), ...process.env };

// `levelone … | head` reads only the beginning.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.exitCode = await runCommandLine(process.argv.slice(2), environment, {
  out: process.stdout,
  err: process.stderr,
});
