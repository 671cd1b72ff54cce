import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN, eventually, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind } from '@level-one/transfer';
import { accessOf, DatabaseAccess, DatabaseListener, HotStatements } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { CommitListener } from './commit-listener.js';
import { EVENTS_CHANNEL, LedgerInstances } from './ledger-instances.js';

type Instance = Pick<TestLedger, 'ledger' | 'dataSource'>;

let test: TestLedger;
let access: DatabaseAccess;
let onlooker: DatabaseListener;
let told: string[];
const opened: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  test = await openTestLedger();
  access = accessOf(test.dataSource);
  // Without the name of a ledger's instance nobody counts it.
  onlooker = new DatabaseListener(access, EVENTS_CHANNEL);
  told = [];
  onlooker.messages.subscribe((message) => told.push(message));
  await onlooker.start();
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.stop()));
  await onlooker.close();
  await test.close();
});

async function listenAs({ ledger }: Pick<Instance, 'ledger'>, at = access): Promise<CommitListener> {
  const listener = new CommitListener(at, ledger.instances);
  opened.push(listener);
  await listener.start();
  await eventually(() => expect(told).toContain(`${ledger.instances.schema} ${ledger.instances.id}`));
  return listener;
}

/** Commits a transfer, and waits until all notifications before now have arrived. @returns those of its commit */
async function toldOfCommit({ ledger, dataSource }: Instance): Promise<string[]> {
  const from = told.length;
  await ledger.putTransfer(transferRequest(), ADMIN);
  const end = randomUUID();
  await dataSource.query(`SELECT pg_notify('${EVENTS_CHANNEL}', $1)`, [end]);
  await eventually(() => expect(told).toContain(end));
  return told.slice(from, told.indexOf(end));
}

async function untilAlone({ ledger }: Pick<Instance, 'ledger'>): Promise<void> {
  await eventually(() => expect(ledger.instances.othersListen).toBe(false));
}

describe('an instance of a ledger', () => {
  it('notifies until it knows that it is alone, and then nobody', async () => {
    const fresh = await test.anotherInstance();
    expect(fresh.ledger.instances.othersListen).toBe(true);
    await listenAs(test);
    await untilAlone(test);
    expect(await toldOfCommit(test)).toEqual([]);
  });

  it('notifies another one as soon as that listens, and not of commits without events', async () => {
    await listenAs(test);
    await untilAlone(test);
    const other = await test.anotherInstance();
    const listener = await listenAs(other);
    await eventually(() => expect(test.ledger.instances.othersListen).toBe(true));
    let heard = 0;
    listener.commits.subscribe(() => (heard += 1));
    // That it listens is news at once.
    heard = 0;
    const fee = { debitAccount: 'alice', creditAccount: 'fees', amount: 1n, kind: ChargeKind.Fee };
    await test.open({ name: 'fees', accountType: AccountType.Fee });
    await test.ledger.putCharges(randomUUID(), [fee]);
    expect(await toldOfCommit(test)).toEqual([`test_ledger ${test.ledger.instances.id}`]);
    await eventually(() => expect(heard).toBe(1));
    expect(await toldOfCommit(other)).toEqual([`test_ledger ${other.ledger.instances.id}`]);
  });

  it('is found by its own name, whatever name the URL of its database gives to connections', async () => {
    await listenAs(test);
    await untilAlone(test);
    const named = new URL(test.databaseUrl);
    named.searchParams.set('application_name', 'payments');
    await listenAs(
      await test.anotherInstance(),
      new DatabaseAccess({ databaseUrl: named.href, schema: access.schema }),
    );
    const listening: { name: string }[] = await test.dataSource.query(
      `SELECT application_name AS name FROM pg_stat_activity
       WHERE datname = current_database() AND starts_with(application_name, 'ledger ')`,
    );
    expect(listening).toHaveLength(2);
  });

  it('is not taken for one of another ledger in the same database', async () => {
    const statements = new HotStatements(test.dataSource);
    const stranger = new LedgerInstances(statements, 'another_ledger', randomUUID());
    await listenAs({ ledger: { instances: stranger } as TestLedger['ledger'] });
    await listenAs(test);
    await untilAlone(test);
    expect(await toldOfCommit(test)).toEqual([]);
    await statements.onApplicationShutdown();
  });
});
