/**
 * A channel of two DFSPs with the typed client of the DFSP API (docs/clients.md): Bob invoices Alice, and she pays.
 * DFSP1_API and DFSP2_API are origins of DFSP APIs, by default those of the demo network.
 */
import {
  createClient,
  createConfig,
  issueInvoice,
  listPendingInvoices,
  lookUpClient,
  payNotification,
} from '@level-one/dfsp-api-client';
import { setTimeout as sleep } from 'node:timers/promises';

const channelOf = (dfsp, baseUrl) =>
  createClient(createConfig({ baseUrl, auth: `${dfsp}:${dfsp}`, throwOnError: true }));
const alices = channelOf('dfsp1', process.env.DFSP1_API ?? 'http://127.0.0.1:3100');
const bobs = channelOf('dfsp2', process.env.DFSP2_API ?? 'http://127.0.0.1:3200');

const { data: alice } = await lookUpClient({ client: bobs, path: { userNumber: '78956562' } });
console.log(`Bob invoices ${alice.name}`);

const info = `Lunch ${Date.now()}`;
await issueInvoice({
  client: bobs,
  body: { account: 'bob', amount: '10.40', identifier: '78956562', merchantIdentifier: '26547070', info },
});

let notification;
for (let tries = 0; !notification && tries < 100; tries++) {
  const { data } = await listPendingInvoices({ client: alices, path: { userNumber: '78956562' } });
  notification = data.invoices.find((one) => one.info === info);
  if (!notification) await sleep(100);
}

const { invoiceNotificationId } = notification;
const { data: paid } = await payNotification({ client: alices, body: { account: 'alice', invoiceNotificationId } });
console.log(`Alice paid: ${paid.status}, payment ${paid.paymentId}`);
