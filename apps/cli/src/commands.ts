import type { Argv } from 'yargs';
import type { CommandSpec } from './command.js';

const PAYMENT_STATES = ['pending', 'executed', 'rejected', 'expired', 'failed'] as const;

const payer = (parser: Argv): Argv =>
  parser
    .option('payer', { type: 'string', describe: 'number of the customer who pays (demo network: Alice)' })
    .option('account', { type: 'string', describe: 'account that pays (default: the primary one)' });

const amount = (parser: Argv): Argv =>
  parser.positional('amount', { type: 'string', demandOption: true, describe: 'for example 10.40' });

const paymentId = (parser: Argv): Argv =>
  parser.positional('paymentId', { type: 'string', demandOption: true, describe: 'id of the payment' });

const window = (parser: Argv): Argv =>
  parser.positional('window', { type: 'string', demandOption: true, describe: 'id of the window' });

const SETTLE: readonly CommandSpec[] = [
  {
    command: 'list',
    describe: 'lists the settlement windows, the newest first',
    build: (parser) =>
      parser
        .option('limit', { type: 'number', default: 20, describe: 'how many' })
        .option('before', { type: 'string', describe: 'the next page: number of the last window of this one' }),
    load: async () => (await import('./commands/centre/settle-list.js')).run,
  },
  {
    command: 'show <window>',
    describe: 'shows a window and its positions',
    build: window,
    load: async () => (await import('./commands/centre/settle-show.js')).run,
  },
  {
    command: 'close [window]',
    describe: 'closes a window, by default the open one',
    build: (parser) => parser.positional('window', { type: 'string', describe: 'id of the window' }),
    load: async () => (await import('./commands/centre/settle-close.js')).run,
  },
  {
    command: 'file <window>',
    describe: 'the payments of a closed window, for the bank',
    build: (parser) =>
      window(parser)
        .option('format', { choices: ['csv', 'pain.001'] as const, default: 'csv', describe: 'form of the file' })
        .option('output', { type: 'string', describe: 'file to write (default: it is printed)' }),
    load: async () => (await import('./commands/centre/settle-file.js')).run,
  },
  {
    command: 'confirm <window>',
    describe: 'books what the bank moved',
    build: (parser) =>
      window(parser)
        .option('reference', { type: 'string', demandOption: true, describe: "the bank's reference" })
        .option('account', { type: 'string', describe: 'account on the central ledger' })
        .option('amount', { type: 'string', describe: 'what the bank moved for it' })
        .option('all', { type: 'boolean', describe: 'all that is outstanding' }),
    load: async () => (await import('./commands/centre/settle-confirm.js')).run,
  },
];

/** A command with commands of its own. */
export interface CommandGroup {
  command: string;
  describe: string;
  commands: readonly CommandSpec[];
}

/** All commands, in the order in which help lists them. */
export const COMMANDS: readonly (CommandSpec | CommandGroup)[] = [
  {
    command: 'up',
    describe: 'starts the demo network in the background',
    load: async () => (await import('./commands/network/up.js')).run,
  },
  {
    command: 'down',
    describe: 'stops it',
    load: async () => (await import('./commands/network/down.js')).run,
  },
  {
    command: 'status',
    describe: 'says whether it runs, and how each role is',
    load: async () => (await import('./commands/network/status.js')).run,
  },
  {
    command: 'lookup <number>',
    describe: 'finds the customer with a number, at any DFSP',
    build: (parser) =>
      parser.positional('number', { type: 'string', demandOption: true, describe: 'for example 78956562' }),
    load: async () => (await import('./commands/payments/lookup.js')).run,
  },
  {
    command: 'invoice <amount>',
    describe: 'issues an invoice of a merchant',
    build: (parser) =>
      amount(parser)
        .option('to', { type: 'string', describe: 'number of the customer' })
        .option('product', { type: 'boolean', describe: 'for anybody, again and again' })
        .option('merchant', { type: 'string', describe: 'number of the merchant (demo network: Bob)' })
        .option('account', { type: 'string', describe: "the merchant's account (default: the primary one)" })
        .option('info', { type: 'string', describe: 'text for the customer' })
        .option('expires', { type: 'string', describe: 'time of expiry, as 2030-01-01T00:00:00Z' })
        .conflicts('to', 'product')
        .check(({ to, product }) => Boolean(to ?? product) || 'Missing required argument: to, or product'),
    load: async () => (await import('./commands/payments/invoice.js')).run,
  },
  {
    command: 'pay [invoice]',
    describe: 'pays an invoice',
    build: (parser) =>
      payer(
        parser
          .positional('invoice', {
            type: 'string',
            describe: "id of the customer's notification, or the invoice's URL",
          })
          .option('newest', { type: 'boolean', describe: 'the newest pending invoice of the payer' }),
      ),
    load: async () => (await import('./commands/payments/pay.js')).run,
  },
  {
    command: 'quote <amount>',
    describe: 'asks what a payment to a number costs',
    build: (parser) =>
      payer(
        amount(parser)
          .option('to', { type: 'string', demandOption: true, describe: 'number of the payee' })
          .option('receive', { type: 'boolean', describe: 'the payee gets the amount (default: the payer sends it)' })
          .option('pay', { type: 'boolean', describe: 'and pays it' }),
      ),
    load: async () => (await import('./commands/payments/quote.js')).run,
  },
  {
    command: 'transfer <paymentId>',
    describe: 'pays a quote',
    build: (parser) =>
      paymentId(parser).option('payer', { type: 'string', describe: 'number of the customer who pays' }),
    load: async () => (await import('./commands/payments/transfer.js')).run,
  },
  {
    command: 'payments [paymentId]',
    describe: 'lists the payments of a DFSP, or shows one',
    build: (parser) =>
      parser
        .positional('paymentId', { type: 'string', describe: 'id of the payment' })
        .option('state', { choices: PAYMENT_STATES, describe: 'only in this state' })
        .option('customer', { type: 'string', describe: 'only of this number' })
        .option('from', { type: 'string', describe: 'only from this time on' })
        .option('before', { type: 'string', describe: 'only before this time' })
        .option('limit', { type: 'number', default: 20, describe: 'how many' })
        .option('after', { type: 'string', describe: 'the next page' }),
    load: async () => (await import('./commands/payments/payments.js')).run,
  },
  {
    command: 'timeline <paymentId>',
    describe: 'everything that happened to a payment',
    build: paymentId,
    load: async () => (await import('./commands/payments/timeline.js')).run,
  },
  {
    command: 'balances',
    describe: 'balances and holds of all accounts',
    load: async () => (await import('./commands/checks/balances.js')).run,
  },
  {
    command: 'verify',
    describe: 'checks the books of the ledgers',
    load: async () => (await import('./commands/checks/verify.js')).run,
  },
  {
    command: 'reconcile',
    describe: 'compares all records of all payments',
    build: (parser) => parser.option('since', { type: 'string', describe: 'only what is as new as this time' }),
    load: async () => (await import('./commands/checks/reconcile.js')).run,
  },
  {
    command: 'open',
    describe: 'what has not ended yet, and what is overdue',
    load: async () => (await import('./commands/checks/open.js')).run,
  },
  { command: 'settle', describe: 'settlement windows: list, close, pay, confirm', commands: SETTLE },
  {
    command: 'participants',
    describe: 'the DFSPs of the network and their positions',
    load: async () => (await import('./commands/centre/participants.js')).run,
  },
];
