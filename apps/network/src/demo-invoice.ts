import { StartupError } from '@level-one/platform';
import { DemoClient, say } from './demo-client.js';
import { demoAmount } from './demo-amounts.js';
import { demoPerson } from './demo-people.js';
import { askAt, type Step } from './demo-scenario.js';

const AMOUNT = '10.40';

interface PendingInvoices {
  invoices: { invoiceNotificationId: string; info: string }[];
}

interface NotifiedInvoice {
  firstName: string;
  lastName: string;
  amount: string;
  currencyCode: string;
  fee: string;
}

/** A merchant issues an invoice, and its client pays it. */
export async function payAnInvoice(network: DemoClient, step: Step): Promise<void> {
  const [alice, bob] = [demoPerson('alice'), demoPerson('bob')];
  const unit = await network.unitOf(bob.dfsp);
  const amount = demoAmount(AMOUNT, unit);
  const [atBobs, atAlices] = [askAt(network, bob.dfsp), askAt(network, alice.dfsp)];

  await step(`The merchant looks up number ${alice.number}:`);
  const client = await atBobs<{ firstName: string; lastName: string }>(`GET /v1/client/${alice.number}`);
  say(`  → ${client.firstName} ${client.lastName}`);

  await step(`${bob.firstName} issues an invoice for ${amount} ${unit.currency}:`);
  const invoice = await atBobs<{ invoiceId: string }>('POST /v1/merchantInvoice', {
    account: bob.account,
    amount,
    identifier: alice.number,
    merchantIdentifier: bob.number,
  });
  say(`  → invoice ${invoice.invoiceId}`);

  await step(`${alice.firstName} lists what is pending:`);
  const { invoiceNotificationId } = await newestPending(atAlices, alice.number);
  const seen = await atAlices<NotifiedInvoice>(`GET /v1/invoiceNotifications/${invoiceNotificationId}`);
  say(`  → ${seen.firstName} ${seen.lastName} asks for ${seen.amount} ${seen.currencyCode}, fee ${seen.fee}`);

  await step(`${alice.firstName} pays:`);
  const started = performance.now();
  const paid = await atAlices<{ status: string }>('PUT /v1/invoiceNotifications/pay', {
    account: alice.account,
    invoiceNotificationId,
  });
  say(`  → ${paid.status} in ${(performance.now() - started).toFixed(0)} ms`);
}

async function newestPending(
  atAlices: <T>(request: string) => Promise<T>,
  number: string,
): Promise<PendingInvoices['invoices'][number]> {
  const { invoices } = await atAlices<PendingInvoices>(`GET /v1/invoiceNotifications/pending/${number}`);
  const newest = invoices[0];
  if (!newest) throw new StartupError('the invoice was not notified; the log of the network tells why');
  return newest;
}
