import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { DatabaseTrouble, DatabaseTroubleError } from '@level-one/work';
import { StartupError } from '../settings/settings.js';
import { whenUsable } from './database-wait.js';

const answerOf = (status: number, id: string, cause?: unknown) => new ContractError(status, id, 'no', {}, cause);
const trouble = (which: DatabaseTrouble) => new DatabaseTroubleError(which, 'a driver says so');

/** Work that fails with each of these in turn, then succeeds, and what was said meanwhile. */
async function run(errors: unknown[], waitMs = 60_000): Promise<string[]> {
  const lines: string[] = [];
  const options = { waitMs, place: '127.0.0.1:1/x', warn: (line: string) => void lines.push(line) };
  await whenUsable(options, async () => {
    if (errors.length > 0) throw errors.shift();
  });
  return lines;
}

describe('a database that is waited for at the start', () => {
  it('may be lost in the middle, also where a part of the role has made an answer of it', async () => {
    const readOnly = answerOf(503, 'ServiceUnavailableError', trouble(DatabaseTrouble.ReadOnly));
    expect(await run([trouble(DatabaseTrouble.Away)])).toEqual([expect.stringContaining('cannot be reached')]);
    expect(await run([readOnly])).toEqual([expect.stringContaining('is read-only')]);
    expect(await run([answerOf(503, 'ServiceUnavailableError', new Error('queue'))])).toHaveLength(1);
  });

  it('is given up after its time, and at once where waiting does not help', async () => {
    const away = answerOf(503, 'ServiceUnavailableError', trouble(DatabaseTrouble.Away));
    await expect(run([away], 0)).rejects.toThrow(StartupError);
    const refused = answerOf(503, 'ServiceUnavailableError', trouble(DatabaseTrouble.Refused));
    await expect(run([refused])).rejects.toThrow(StartupError);
  });

  it('has nothing to do with other refusals', async () => {
    const other = answerOf(422, 'UnprocessableEntityError');
    await expect(run([other])).rejects.toBe(other);
  });
});
