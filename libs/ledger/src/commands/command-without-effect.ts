import type { Command } from './commands.js';

/** Changes nothing. Its batch looks at the head of the ledger, as each does. */
export function commandWithoutEffect(): Command<void> {
  return { transferIds: [], accounts: [], decide: () => undefined };
}
