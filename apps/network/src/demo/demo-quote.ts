import type { DemoClient } from './demo-client.js';
import { demoAmount } from '../seed/demo-amounts.js';
import { demoPerson } from '../seed/demo-people.js';
import { askAt, lookUp, type Step, withDuration } from './demo-scenario.js';

const AMOUNT = '10';

interface Quoted {
  paymentId: string;
  name: string;
  amount: string;
  fee: string;
  total: string;
  currency: string;
  receiveAmount: string;
  payeeFee: string;
  expiresAt: string;
}

/** Demo: a customer gets a quote for a payment to a number, and pays it. The amounts are those of the second seed. */
export async function payAQuote(network: DemoClient, step: Step): Promise<void> {
  const [erin, frank] = [demoPerson('erin'), demoPerson('frank')];
  const unit = await network.unitOf(erin.dfsp);
  const amount = demoAmount(AMOUNT, unit);
  const atErins = askAt(network, erin.dfsp);

  await lookUp(step, erin.firstName, atErins, frank.number);

  const { paymentId } = await step(
    `${erin.firstName} asks what it costs to send ${amount} ${unit.currency} to number ${frank.number}:`,
    () =>
      atErins<Quoted>('POST /v1/quote', {
        amount,
        amountType: 'SEND',
        destinationIdentifier: frank.number,
        sourceAccount: erin.account,
        sourceIdentifier: erin.number,
      }),
    (quote) => [
      `to ${quote.name}: ${quote.total} ${quote.currency} in all, including a fee of ${quote.fee}`,
      `the payee receives ${quote.receiveAmount}, after a fee of ${quote.payeeFee} there; valid until ${quote.expiresAt}`,
    ],
  );

  await step(
    `${erin.firstName} pays:`,
    () => withDuration(() => atErins<{ status: string }>('POST /v1/transfer', { paymentId })),
    ({ status, ms }) => `${status} in ${ms}`,
  );
}
