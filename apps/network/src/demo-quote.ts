import { DemoClient, say } from './demo-client.js';
import { demoAmount } from './demo-amounts.js';
import { demoPerson } from './demo-people.js';
import { askAt, type Step } from './demo-scenario.js';

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

/** Somebody asks what it costs to pay a number, and pays just that: the numbers of the second seed. */
export async function payAQuote(network: DemoClient, step: Step): Promise<void> {
  const [erin, frank] = [demoPerson('erin'), demoPerson('frank')];
  const unit = await network.unitOf(erin.dfsp);
  const amount = demoAmount(AMOUNT, unit);
  const atErins = askAt(network, erin.dfsp);

  await step(`${erin.firstName} asks what it costs to send ${amount} ${unit.currency} to number ${frank.number}:`);
  const quote = await atErins<Quoted>('POST /v1/quote', {
    amount,
    amountType: 'SEND',
    destinationIdentifier: frank.number,
    sourceAccount: erin.account,
    sourceIdentifier: erin.number,
  });
  say(`  → to ${quote.name}: ${quote.total} ${quote.currency} in all, of which the fee is ${quote.fee};`);
  say(
    `    ${quote.receiveAmount} arrive, the payee's DFSP's tariff is ${quote.payeeFee}; holds until ${quote.expiresAt}`,
  );

  await step(`${erin.firstName} pays:`);
  const started = performance.now();
  const paid = await atErins<{ status: string }>('POST /v1/transfer', { paymentId: quote.paymentId });
  say(`  → ${paid.status} in ${(performance.now() - started).toFixed(0)} ms`);
}
