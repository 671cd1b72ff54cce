import type { Command } from './commands.js';
import type { Message } from '../schema/event.entity.js';

export function sendMessage(message: Message): Command<void> {
  return {
    transferIds: [],
    accounts: [],
    decide: (books) => books.sendMessage(message),
  };
}
