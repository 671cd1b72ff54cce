import type { CommandContext, RunCommand } from '../../command.js';
import { CommandFailedError } from '../../exit-codes.js';
import type { CommandResult } from '../../output/output.js';
import { textFields, textTable } from '../../output/text-table.js';

interface Options {
  paymentId?: string;
  state?: string;
  customer?: string;
  from?: string;
  before?: string;
  limit: number;
  after?: string;
}

interface Party {
  identifier?: string;
  account?: string;
}

interface Payment {
  paymentId: string;
  side: string;
  state: string;
  amount: string;
  fee?: string;
  currency: string;
  customer: Party;
  counterpart: Party;
  createdAt: string;
  endedAt?: string;
  reason?: { id: string; message: string };
}

/** Number and account; of an account's URL its last part. */
function nameOf({ identifier, account }: Party): string {
  return [identifier, account?.slice(account.lastIndexOf('/') + 1)].filter(Boolean).join(' ');
}

async function findPayment({ connection }: CommandContext, paymentId: string): Promise<Payment> {
  for (const dfsp of connection.dfsps) {
    const payment = await connection.api(dfsp).find<Payment>(`/payments/${encodeURIComponent(paymentId)}`);
    if (payment) return payment;
  }
  throw new CommandFailedError(
    'NotFoundError',
    `there is no payment ${paymentId}; if it was refused before it began, "timeline" has what is kept of it`,
  );
}

async function showPayment(context: CommandContext, paymentId: string): Promise<CommandResult> {
  const payment = await findPayment(context, paymentId);
  context.output.text(
    ...textFields({
      payment: payment.paymentId,
      state: payment.state,
      side: payment.side,
      amount: `${payment.amount} ${payment.currency}`,
      fee: payment.fee,
      customer: nameOf(payment.customer),
      counterpart: nameOf(payment.counterpart),
      created: payment.createdAt,
      ended: payment.endedAt,
      reason: payment.reason && `${payment.reason.id}: ${payment.reason.message}`,
    }),
  );
  return { json: payment };
}

function queryOf({ state, customer, from, before, limit, after }: Options): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ state, customer, from, to: before, after })) {
    if (value !== undefined) query.set(name, value);
  }
  return query.toString();
}

/** Lists payments of a DFSP, the newest first, or shows one of them. */
export const run: RunCommand<Options> = async (context, options) => {
  if (options.paymentId !== undefined) return showPayment(context, options.paymentId);
  const { connection, output } = context;
  const page = await connection
    .apiOf()
    .read<{ payments: Payment[]; next: string | null }>(`/payments?${queryOf(options)}`);
  output.text(
    ...textTable(
      ['CREATED', 'PAYMENT', 'SIDE', 'STATE', 'AMOUNT', 'CURRENCY', 'CUSTOMER', 'COUNTERPART'],
      page.payments.map(({ createdAt, paymentId, side, state, amount, currency, customer, counterpart }) => [
        createdAt,
        paymentId,
        side,
        state,
        amount,
        currency,
        nameOf(customer),
        nameOf(counterpart),
      ]),
    ),
  );
  const after = page.next && new URL(page.next).searchParams.get('after');
  if (after) output.text('', `more: --after ${after}`);
  return { json: page };
};
