import type { RoleCaller } from '../../../../network/src/role-reader.js';
import type { CommandContext, RunCommand } from '../../command.js';
import { textFields } from '../../output/text-table.js';

interface PaidQuote {
  paymentId: string;
  status: string;
}

/** Pays a quote, once. */
export async function payQuote(api: RoleCaller, paymentId: string, { output }: CommandContext): Promise<PaidQuote> {
  output.progress('the payment is made …');
  const paid = await api.send<PaidQuote>('POST', '/transfer', { paymentId });
  output.text(...textFields({ payment: paid.paymentId, status: paid.status }));
  return paid;
}

/** Pays a quote by its payment's id. */
export const run: RunCommand<{ paymentId: string; payer?: string }> = async (context, { paymentId, payer }) => {
  const { connection } = context;
  return { json: await payQuote(connection.apiOf(payer), paymentId, context) };
};
