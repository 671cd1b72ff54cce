import { describe, expect, it } from '@jest/globals';
import { OpenThings } from './open-things.js';

const LATER = new Date(Date.now() + 60_000);

describe('A7: what strangers hold open', () => {
  it('is counted, also when another try of the same failed meanwhile', async () => {
    const open = new OpenThings({ perDfsp: 10, unsigned: 2 });
    const make = async (id: string): Promise<void> => {
      const end: { fail?: (error: Error) => void; succeed?: () => void } = {};
      const failing = open.during(undefined, id, LATER, () => new Promise<void>((_, reject) => (end.fail = reject)));
      const succeeding = open.during(
        undefined,
        id,
        LATER,
        () => new Promise<void>((resolve) => (end.succeed = resolve)),
      );
      end.fail?.(new Error('no such receiver'));
      await expect(failing).rejects.toThrow('no such receiver');
      end.succeed?.();
      await succeeding;
    };
    await make('one');
    await make('two');
    await expect(open.during(undefined, 'three', LATER, async () => undefined)).rejects.toMatchObject({ status: 429 });
  });

  it('is not counted when it could not be made, or has ended', async () => {
    const open = new OpenThings({ perDfsp: 10, unsigned: 1 });
    await expect(open.during(undefined, 'one', LATER, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await open.during(undefined, 'two', LATER, async () => undefined);
    open.release('two');
    await open.during(undefined, 'three', LATER, async () => undefined);
    await expect(open.during(undefined, 'four', LATER, async () => undefined)).rejects.toMatchObject({ status: 429 });
    await open.during('dfsp1', 'five', LATER, async () => undefined);
  });
});
