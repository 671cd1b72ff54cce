import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseConnection, type DatabaseSession, type Statement } from '@level-one/work';
import {
  ADMIN,
  CONDITION,
  eventually,
  FULFILLMENT,
  openTestLedger,
  ownerOf,
  type TestLedger,
  transferRequest,
} from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { AccountType, ChargeKind } from '@level-one/transfer';
import { fulfilTransfer } from '../commands/fulfil-transfer.js';
import { putTransfer } from '../commands/put-transfer.js';
import type { Ledger } from '../engine/ledger.js';
import { ChargeParty, RateType } from '../schema/scheme-charge.entity.js';
import { SchemeTariff } from '../settlement/scheme-tariff.js';
import { BooksStore, NO_DOWNTIMES_MS } from './books-store.js';
import type { Command } from '../commands/commands.js';

const ALICE = ownerOf('alice');

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(() => test.close());

/** A connection that records the number of statements per call. */
class CountingConnection extends DatabaseConnection {
  readonly sent: number[] = [];

  override async openSession(): Promise<DatabaseSession> {
    const session = await super.openSession();
    return {
      send: (...statements: Statement[]) => {
        this.sent.push(statements.length);
        return session.send(...statements);
      },
    };
  }
}

describe('the writer of a ledger', () => {
  let connection: CountingConnection;
  let store: BooksStore;

  beforeEach(() => {
    connection = new CountingConnection(test.dataSource);
    // One session for all calls, as while the connection lasts.
    const session = connection.openSession();
    connection.openSession = () => session;
    const alone = { id: 'test', othersListen: false };
    const times = { lateGraceMs: 0, proposalLifetimeMs: 60_000, downtimeMs: NO_DOWNTIMES_MS };
    store = new BooksStore(connection, times, alone);
  });

  afterEach(() => store.close());

  const write = async <T>(command: Command<T>): Promise<T> => {
    connection.sent.length = 0;
    return (await store.writeBatch(command.transferIds, command.accounts, (books) => command.decide(books))).result;
  };
  const prepare = (content?: Parameters<typeof transferRequest>[0]) => putTransfer(transferRequest(content), ALICE);

  it('reads unknown rows, and then writes with one statement per batch', async () => {
    await write(prepare());
    expect(connection.sent).toEqual([2, 2]);
    const { transfer } = await write(prepare());
    expect(connection.sent).toEqual([1]);
    await write(fulfilTransfer(transfer.id, FULFILLMENT, ALICE));
    expect(connection.sent).toEqual([1]);
    expect(await test.funds('alice')).toEqual([9_900n, 100n]);
    expect(await test.funds('bob')).toEqual([100n, 0n]);
  });

  it('reads again after another instance wrote, and reads before every batch while two instances write', async () => {
    await write(prepare());
    await test.issue('alice', 1n);
    await write(prepare());
    expect(connection.sent).toEqual([1, 2, 2]);
    await write(prepare());
    expect(connection.sent).toEqual([2, 2]);
    await write(prepare());
    expect(connection.sent).toEqual([1]);
  });

  it('reads before it answers a batch without changes', async () => {
    const request = transferRequest();
    await write(putTransfer(request, ALICE));
    expect((await write(putTransfer(request, ALICE))).created).toBe(false);
    expect(connection.sent).toEqual([2, 1]);
    await write(prepare());
    expect(connection.sent).toEqual([1]);
  });

  it('does not take an ended transfer for a new one', async () => {
    const request = transferRequest();
    await write(putTransfer(request, ALICE));
    await write(fulfilTransfer(request.content.id, FULFILLMENT, ALICE));
    const others = prepare();
    const both = await store.writeBatch([request.content.id, ...others.transferIds], ['alice', 'bob'], (books) => [
      putTransfer(request, ALICE).decide(books).transfer.state,
      others.decide(books).transfer.state,
    ]);
    expect(both.result).toEqual(['executed', 'prepared']);
    expect(await test.funds('alice')).toEqual([9_900n, 100n]);
  });

  it('finds the charges that were stored before its start', async () => {
    await test.open({ name: 'fees', accountType: AccountType.Fee });
    const request = transferRequest();
    const charge = { debitAccount: 'alice', creditAccount: 'fees', amount: 5n, kind: ChargeKind.Fee };
    await test.ledger.putCharges(request.content.id, [charge]);
    await write(prepare());
    await write(putTransfer(request, ALICE));
    expect(connection.sent).toEqual([1, 2, 2]);
    expect(await test.funds('alice')).toEqual([10_000n, 205n]);
  });

  it('reads again on a new connection', async () => {
    await write(prepare());
    const fresh = new CountingConnection(test.dataSource);
    const session = await fresh.openSession();
    connection.openSession = () => Promise.resolve(session);
    await write(prepare());
    expect(fresh.sent).toEqual([2, 2]);
    await fresh.close();
  });

  it('has no effect if the database refuses a batch, and continues', async () => {
    await write(prepare());
    await expect(
      store.writeBatch([], ['alice', 'bob'], (books) => {
        const transfer = books.addTransfer(transferRequest({ executionCondition: CONDITION }).content);
        books.account('alice')!.posted -= 1_000_000n;
        books.prepareTransfer(transfer);
      }),
    ).rejects.toThrow(/accounts_/);
    await write(prepare());
    expect(await test.funds('alice')).toEqual([10_000n, 200n]);
  });
});

describe('a change by another instance is seen by the next batch', () => {
  let other: Ledger;

  beforeEach(async () => {
    other = (await test.anotherInstance()).ledger;
    // The first instance has the accounts in memory.
    await test.ledger.putTransfer(transferRequest({ creditAccount: 'carol', executionCondition: null }), ALICE);
  });

  const pay = (content: Parameters<typeof transferRequest>[0]) =>
    test.ledger.putTransfer(transferRequest(content), ADMIN);

  it('a balance', async () => {
    await other.putTransfer(transferRequest({ amount: 9_900n, executionCondition: null }), ALICE);
    await expect(pay({ amount: 1n })).rejects.toMatchObject({ id: 'InsufficientFundsError' });
  });

  it('an account that is disabled', async () => {
    await other.putAccount({ name: 'bob', isDisabled: true });
    await expect(pay({})).rejects.toMatchObject({ message: 'Account `bob` is disabled' });
  });

  it('an account that is closed', async () => {
    await test.open({ name: 'dave' });
    await pay({ creditAccount: 'dave', amount: 1n, executionCondition: null });
    await pay({ debitAccount: 'dave', creditAccount: 'alice', amount: 1n, executionCondition: null });
    await other.closeAccount('dave');
    await expect(pay({ creditAccount: 'dave' })).rejects.toMatchObject({ message: 'Account `dave` is disabled' });
  });

  it('a transfer that it ended', async () => {
    const request = transferRequest();
    await test.ledger.putTransfer(request, ALICE);
    await other.rejectTransfer(request.content.id, { message: 'no' }, ADMIN);
    await expect(test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ALICE)).rejects.toMatchObject({
      id: 'InvalidModificationError',
    });
  });

  it('a charge of the scheme', async () => {
    await test.open({ name: 'fees' });
    await pay({ amount: 1n });
    await new SchemeTariff(test.dataSource).createCharge({
      name: 'interchange',
      code: '001',
      rateType: RateType.Flat,
      rate: 3n,
      minimum: 0n,
      maximum: null,
      isActive: true,
      payer: ChargeParty.Sender,
      payee: ChargeParty.Ledger,
    });
    const { transfer } = await pay({ amount: 1n });
    expect(await test.ledger.reads.listCharges(transfer.id)).toMatchObject([{ amount: 3n }]);
  });
});

it('a transfer that expires between two batches is not executed', async () => {
  const expiresAt = new Date(Date.now() + 2_000);
  const request = transferRequest({ expiresAt });
  await test.ledger.putTransfer(request, ALICE);
  await eventually(() => expect(Date.now()).toBeGreaterThan(expiresAt.getTime()));
  await test.ledger.putTransfer(transferRequest({ id: randomUUID() }), ALICE);
  await expect(test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ALICE)).rejects.toMatchObject({
    id: 'ExpiredTransferError',
  });
});
