import { StartupError } from '@level-one/platform';
import type { DemoClient } from './demo-client.js';
import { demoAmount } from '../seed/demo-amounts.js';
import { demoPerson } from '../seed/demo-people.js';
import { askAt, lookUp, type Step, withDuration } from './demo-scenario.js';

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

/** Demo: a merchant issues an invoice, and the client pays it. */
export async function payAnInvoice(network: DemoClient, step: Step): Promise<void> {
  const [alice, bob] = [demoPerson('alice'), demoPerson('bob')];
  const unit = await network.unitOf(bob.dfsp);
  const amount = demoAmount(AMOUNT, unit);
  const [atBobs, atAlices] = [askAt(network, bob.dfsp), askAt(network, alice.dfsp)];

  await lookUp(step, 'The merchant', atBobs, alice.number);

  await step(
    `${bob.firstName} issues an invoice for ${amount} ${unit.currency}:`,
    () =>
      atBobs<{ invoiceId: string }>('POST /v1/merchantInvoice', {
        account: bob.account,
        amount,
        identifier: alice.number,
        merchantIdentifier: bob.number,
      }),
    ({ invoiceId }) => `invoice ${invoiceId}`,
  );

  const { invoiceNotificationId } = await step(
    `${alice.firstName} lists the pending invoices, and reads the newest:`,
    async () => {
      const newest = await newestPending(atAlices, alice.number);
      return { ...newest, ...(await atAlices<NotifiedInvoice>(notificationOf(newest))) };
    },
    (seen) => `${seen.firstName} ${seen.lastName} asks for ${seen.amount} ${seen.currencyCode}, fee ${seen.fee}`,
  );

  await step(
    `${alice.firstName} pays:`,
    () =>
      withDuration(() =>
        atAlices<{ status: string }>('PUT /v1/invoiceNotifications/pay', {
          account: alice.account,
          invoiceNotificationId,
        }),
      ),
    ({ status, ms }) => `${status} in ${ms}`,
  );
}

function notificationOf({ invoiceNotificationId }: PendingInvoices['invoices'][number]): string {
  return `GET /v1/invoiceNotifications/${invoiceNotificationId}`;
}

async function newestPending(
  atAlices: <T>(request: string) => Promise<T>,
  number: string,
): Promise<PendingInvoices['invoices'][number]> {
  const { invoices } = await atAlices<PendingInvoices>(`GET /v1/invoiceNotifications/pending/${number}`);
  const newest = invoices[0];
  if (!newest) throw new StartupError('no notification of the invoice arrived; the log of the network says why');
  return newest;
}
