import type { Command } from './commands.js';

/** Rejects a transfer whose time is over. */
export function expireTransfer(id: string): Command<void> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => books.expireIfDue(id),
  };
}
