import { DEMO_PEOPLE } from './demo-people.js';
import type { NetworkPlan } from './topology.js';

/** The two requests that make a first payment, ready to be pasted into a shell. */
export function firstPayment(plan: NetworkPlan): string[] {
  const api = (dfsp: string): string =>
    plan.instances.find((one) => one.role === 'dfsp-api' && one.dfsp === dfsp)?.baseUrl ?? '';
  const bob = DEMO_PEOPLE.find((one) => one.account === 'bob')!;
  const alice = DEMO_PEOPLE.find((one) => one.account === 'alice')!;
  const invoice = {
    account: bob.account,
    amount: '10.40',
    identifier: alice.number,
    merchantIdentifier: bob.number,
  };
  return [
    `# Bob (dfsp2) issues an invoice to Alice (dfsp1)`,
    `curl -u dfsp2:dfsp2 -H 'Content-Type: application/json' ${api('dfsp2')}/v1/merchantInvoice -d '${JSON.stringify(invoice)}'`,
    `# Alice sees it, and pays it: put the invoiceNotificationId of the first answer into the second request`,
    `curl -u dfsp1:dfsp1 ${api('dfsp1')}/v1/invoiceNotifications/pending/${alice.number}`,
    `curl -u dfsp1:dfsp1 -H 'Content-Type: application/json' -X PUT ${api('dfsp1')}/v1/invoiceNotifications/pay -d '{"account":"alice","invoiceNotificationId":"…"}'`,
  ];
}
