import { DEMO_PEOPLE } from './demo-people.js';
import type { NetworkPlan } from './topology.js';

/** The requests that make a first payment, ready to be pasted into a shell. */
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
  const json = `-H 'Content-Type: application/json'`;
  const read = `node -pe 'JSON.parse(require("fs").readFileSync(0)).invoices[0].invoiceNotificationId'`;
  return [
    '# Bob (dfsp2) issues an invoice to Alice (dfsp1), whose DFSP is notified',
    `curl -s -u dfsp2:dfsp2 ${json} ${api('dfsp2')}/v1/merchantInvoice -d '${JSON.stringify(invoice)}'; echo`,
    '# Alice takes the newest one that is pending, looks at it, and pays it',
    `ID=$(curl -s -u dfsp1:dfsp1 ${api('dfsp1')}/v1/invoiceNotifications/pending/${alice.number} | ${read})`,
    `curl -s -u dfsp1:dfsp1 ${api('dfsp1')}/v1/invoiceNotifications/$ID; echo`,
    `curl -s -u dfsp1:dfsp1 ${json} -X PUT ${api('dfsp1')}/v1/invoiceNotifications/pay -d "{\\"account\\":\\"alice\\",\\"invoiceNotificationId\\":\\"$ID\\"}"; echo`,
  ];
}
