import type { RunCommand } from '../../command.js';
import { textFields } from '../../output/text-table.js';
import { accountOf } from './customers.js';

interface Options {
  amount: string;
  to?: string;
  product?: boolean;
  merchant?: string;
  account?: string;
  info?: string;
  expires?: string;
}

interface IssuedInvoice {
  invoiceId: string;
  firstName: string;
  lastName: string;
  amount: string;
  currencyCode: string;
  status: string;
  identifier?: string;
  invoiceType: string;
  info: string;
  expiresAt?: string;
}

/** Issues an invoice of a merchant: to a customer of any DFSP, or of a product that anybody may pay again and again. */
export const run: RunCommand<Options> = async ({ connection, output }, options) => {
  const merchant = options.merchant ?? connection.numberOf('bob', '--merchant');
  const api = connection.apiOf(merchant);
  const invoice = await api.send<IssuedInvoice>('POST', '/merchantInvoice', {
    account: await accountOf(api, merchant, options.account),
    amount: options.amount,
    merchantIdentifier: merchant,
    ...(options.product ? { invoiceType: 'product' } : { identifier: options.to }),
    ...(options.info !== undefined && { info: options.info }),
    ...(options.expires !== undefined && { expiresAt: options.expires }),
  });
  output.text(
    ...textFields({
      invoice: invoice.invoiceId,
      merchant: `${invoice.firstName} ${invoice.lastName}`,
      customer: invoice.identifier,
      amount: `${invoice.amount} ${invoice.currencyCode}`,
      type: invoice.invoiceType,
      status: invoice.status,
      info: invoice.info,
      expires: invoice.expiresAt,
    }),
  );
  return { json: invoice };
};
