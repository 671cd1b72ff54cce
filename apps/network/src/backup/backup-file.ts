import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StartupError } from '@level-one/platform';

export const FORMAT = 'level-one backup 1';

/** A line of a backup. The first one says what it is, the last one that it is whole. */
export type BackupLine =
  | { format: string; schema: string; takenAt: string; server: string }
  | { sql: string }
  | { table: string; columns: { name: string; type: string }[] }
  | { rows: (string | null)[][] }
  | { sequence: string; value: string; isCalled: boolean }
  | { end: true; rowCount: number };

/** Writes a file of compressed lines. It has its name only once it is whole and on the disk. */
export async function writeBackup(path: string, lines: AsyncIterable<BackupLine>): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    const texts = Readable.from(
      (async function* () {
        for await (const line of lines) yield `${JSON.stringify(line)}\n`;
      })(),
    );
    await pipeline(texts, createGzip(), createWriteStream(unfinished, { mode: 0o600 }));
    const file = await open(unfinished, 'r+');
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Reads the lines of a backup, one after the other. @throws StartupError if it is not one, or is not whole */
export async function* readBackup(path: string): AsyncGenerator<BackupLine> {
  const source = createReadStream(path);
  const unzipped = source.pipe(createGunzip());
  source.on('error', (error) => unzipped.destroy(error));
  let last: BackupLine | undefined;
  try {
    for await (const text of createInterface({ input: unzipped, crlfDelay: Infinity })) {
      const line = JSON.parse(text) as BackupLine;
      if (!last && (!('format' in line) || line.format !== FORMAT)) throw new Error('it has another format');
      last = line;
      yield line;
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(`${path} is no backup of this program: ${(error as Error).message}`);
  }
  if (!last || !('end' in last)) throw new StartupError(`${path} is not whole`);
}
