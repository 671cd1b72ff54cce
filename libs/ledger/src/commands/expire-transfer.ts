import type { Command } from './commands.js';

/** Rejects a transfer whose time is over; looking at it in the books is what does it. */
export function expireTransfer(id: string): Command<void> {
  return {
    transferIds: [id],
    accounts: [],
    decide: (books) => {
      books.transfer(id);
    },
  };
}
