import type { Command } from './commands.js';

/** Rejects a transfer that is open after its expiry. */
export function expireTransfer(id: string): Command<void> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => books.expireIfDue(id),
  };
}
