import { writeFile } from 'node:fs/promises';
import type { RunCommand } from '../../command.js';
import { CommandFailedError } from '../../exit-codes.js';

interface Options {
  window: string;
  format: 'csv' | 'pain.001';
  output?: string;
}

const FILES = { csv: 'payments.csv', 'pain.001': 'pain.001.xml' } as const;

async function save(path: string, content: string): Promise<void> {
  try {
    // Who pays whom how much.
    await writeFile(path, content, { mode: 0o600 });
  } catch (error) {
    throw new CommandFailedError('FileNotWritten', `${path} cannot be written: ${(error as Error).message}`);
  }
}

/** The payments that a bank has to make for a closed window. */
export const run: RunCommand<Options> = async ({ connection, output }, { window, format, output: path }) => {
  const content = await connection
    .centralLedger()
    .readText(`/settlements/${encodeURIComponent(window)}/${FILES[format]}`);
  if (path === undefined) output.content(content.trimEnd());
  else {
    await save(path, content);
    output.text(`written: ${path}`);
  }
  return { json: { window, format, ...(path === undefined ? { content } : { path }) } };
};
