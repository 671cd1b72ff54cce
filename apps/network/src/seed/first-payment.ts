import { demoAmount, unitAt } from './demo-amounts.js';
import { DEMO_PEOPLE, type DemoPerson } from './demo-people.js';
import type { DfspName, NetworkPlan } from '../plan/topology.js';

const JSON_TYPE = `-H 'Content-Type: application/json'`;

/** The requests that make a first payment, ready to be pasted into a shell. */
export function firstPayment(plan: NetworkPlan): string[] {
  const bob = personOf('bob');
  const alice = personOf('alice');
  const invoice = {
    account: bob.account,
    amount: demoAmount('10.40', unitAt(plan, 'dfsp2')),
    identifier: alice.number,
    merchantIdentifier: bob.number,
  };
  const read = `node -pe 'JSON.parse(require("fs").readFileSync(0)).invoices[0].invoiceNotificationId'`;
  return [
    '# Bob (dfsp2) issues an invoice to Alice (dfsp1), whose DFSP is notified',
    `curl -s -u dfsp2:dfsp2 ${JSON_TYPE} ${apiOf(plan, 'dfsp2')}/v1/merchantInvoice -d '${JSON.stringify(invoice)}'; echo`,
    '# Alice lists the pending invoices, reads the newest, and pays it',
    `ID=$(curl -s -u dfsp1:dfsp1 ${apiOf(plan, 'dfsp1')}/v1/invoiceNotifications/pending/${alice.number} | ${read})`,
    `curl -s -u dfsp1:dfsp1 ${apiOf(plan, 'dfsp1')}/v1/invoiceNotifications/$ID; echo`,
    `curl -s -u dfsp1:dfsp1 ${JSON_TYPE} -X PUT ${apiOf(plan, 'dfsp1')}/v1/invoiceNotifications/pay -d "{\\"account\\":\\"alice\\",\\"invoiceNotificationId\\":\\"$ID\\"}"; echo`,
  ];
}

function apiOf(plan: NetworkPlan, dfsp: DfspName): string {
  return plan.instances.find((one) => one.role === 'dfsp-api' && one.dfsp === dfsp)?.baseUrl ?? '';
}

function personOf(account: string): DemoPerson {
  return DEMO_PEOPLE.find((one) => one.account === account)!;
}
