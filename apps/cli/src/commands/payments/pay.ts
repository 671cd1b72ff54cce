import type { RoleCaller } from '../../../../network/src/role-reader.js';
import type { RunCommand } from '../../command.js';
import { CommandFailedError, WrongUseError } from '../../exit-codes.js';
import { textFields } from '../../output/text-table.js';
import { accountOf } from './customers.js';

interface Options {
  invoice?: string;
  newest?: boolean;
  payer?: string;
  account?: string;
}

interface PaidInvoice {
  invoiceId?: string;
  invoiceNotificationId?: string;
  paymentId?: string;
  status: string;
}

async function newestPending(api: RoleCaller, payer: string): Promise<string> {
  const { invoices } = await api.read<{ invoices: { invoiceNotificationId: string }[] }>(
    `/invoiceNotifications/pending/${encodeURIComponent(payer)}?limit=1`,
  );
  const newest = invoices[0];
  if (!newest) throw new CommandFailedError('NoPendingInvoice', `customer ${payer} has no pending invoice`);
  return newest.invoiceNotificationId;
}

/** Pays an invoice: one that the payer was notified of, by its id, or any other by its URL. */
export const run: RunCommand<Options> = async ({ connection, output }, options) => {
  if ((options.invoice === undefined) !== Boolean(options.newest)) {
    throw new WrongUseError('name one invoice: the id of its notification, its URL, or --newest');
  }
  const payer = options.payer ?? connection.numberOf('alice', '--payer');
  const api = connection.apiOf(payer);
  const invoice = options.invoice ?? (await newestPending(api, payer));
  const account = await accountOf(api, payer, options.account);
  output.progress('the payment is made …');
  const paid = await (URL.canParse(invoice)
    ? api.send<PaidInvoice>('POST', '/invoice/pay', { invoiceUrl: invoice, identifier: payer, account })
    : api.send<PaidInvoice>('PUT', '/invoiceNotifications/pay', { invoiceNotificationId: invoice, account }));
  output.text(...textFields({ invoice, status: paid.status, payment: paid.paymentId }));
  return { json: paid };
};
