import type { RunCommand } from '../../command.js';
import { textFields } from '../../output/text-table.js';
import { accountOf } from './customers.js';
import { payQuote } from './transfer.js';

interface Options {
  amount: string;
  to: string;
  receive?: boolean;
  payer?: string;
  account?: string;
  pay?: boolean;
}

interface Quote {
  paymentId: string;
  name: string;
  fee: string;
  total: string;
  currency: string;
  receiveAmount: string;
  payeeFee: string;
  receiveCurrency: string;
  expiresAt: string;
}

/** Asks what a payment to a number costs; with `--pay` the price is paid at once. */
export const run: RunCommand<Options> = async (context, options) => {
  const { connection, output } = context;
  const payer = options.payer ?? connection.numberOf('alice', '--payer');
  const api = connection.apiOf(payer);
  const quote = await api.send<Quote>('POST', '/quote', {
    amount: options.amount,
    amountType: options.receive ? 'RECEIVE' : 'SEND',
    destinationIdentifier: options.to,
    sourceIdentifier: payer,
    sourceAccount: await accountOf(api, payer, options.account),
  });
  output.text(
    ...textFields({
      payee: quote.name,
      total: `${quote.total} ${quote.currency}, fee of ${quote.fee} included`,
      'payee gets': `${quote.receiveAmount} ${quote.receiveCurrency}, after a fee of ${quote.payeeFee}`,
      'valid until': quote.expiresAt,
      ...(!options.pay && { 'pay with': `levelone transfer ${quote.paymentId}` }),
    }),
  );
  return { json: options.pay ? { quote, payment: await payQuote(api, quote.paymentId, context) } : quote };
};
