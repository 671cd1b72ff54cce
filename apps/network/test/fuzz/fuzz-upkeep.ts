import type { DfspName } from '../../src/plan/topology.js';
import type { KnownValues } from './fuzz-known-values.js';
import { ALICE, BOB, CAROL, DAVE } from '../support/people.js';
import type { TestNetwork } from '../support/test-network.js';

const ADMIN = 'admin:admin';
const PEOPLE: { dfsp: DfspName; account: string }[] = [
  { dfsp: 'dfsp1', account: 'alice' },
  { dfsp: 'dfsp1', account: 'dave' },
  { dfsp: 'dfsp2', account: 'bob' },
  { dfsp: 'dfsp2', account: 'carol' },
];
const DFSPS: readonly DfspName[] = ['dfsp1', 'dfsp2'];

async function withoutRules(network: TestNetwork, dfsp: DfspName): Promise<void> {
  for (const list of ['limitRules', 'feeRules']) {
    await network.ask('dfsp-api', dfsp, `PUT /v1/${list}`, { auth: ADMIN, body: [] });
  }
}

async function withMoney(network: TestNetwork): Promise<void> {
  for (const { dfsp, account } of PEOPLE) {
    const body = { name: account, is_disabled: false, password: account };
    await network.ask('dfsp-ledger', dfsp, `PUT /ledger/accounts/${account}`, { auth: ADMIN, body });
    await network.bringTo(dfsp, account, '5000.00');
  }
}

/** What exists after it: invoices and their notifications at both DFSPs. */
async function invoices(network: TestNetwork, known: KnownValues): Promise<void> {
  const learn = async (dfsp: DfspName, request: string, body?: unknown): Promise<void> => {
    known.learn((await network.ask('dfsp-api', dfsp, request, body === undefined ? {} : { body })).text);
  };
  const create = 'POST /v1/merchantInvoice';
  await learn('dfsp2', create, { account: 'bob', amount: '1.40', identifier: ALICE, merchantIdentifier: BOB });
  await learn('dfsp1', create, { account: 'dave', amount: '1.40', identifier: CAROL, merchantIdentifier: DAVE });
  await learn('dfsp1', `GET /v1/invoiceNotifications/pending/${ALICE}`);
  await learn('dfsp2', `GET /v1/invoiceNotifications/pending/${CAROL}`);
}

/** Undoes what fuzzed requests of an admin do to everybody else, so that the next ones get far; then there is something to pay. */
export async function keepGoing(network: TestNetwork, known: KnownValues): Promise<void> {
  for (const dfsp of DFSPS) await withoutRules(network, dfsp);
  await withMoney(network);
  await invoices(network, known);
}
