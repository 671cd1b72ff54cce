import type { Command } from './commands.js';

/** Rejects a transfer that is open after its end. @returns whether it did. */
export function expireTransfer(id: string): Command<boolean> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => books.expireIfDue(id),
  };
}
