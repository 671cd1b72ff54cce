import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import { HotStatements } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AddSubmissionUrls1796400002300 } from './migrations/add-submission-urls.migration.js';
import { BoundNotifications1795800002100 } from './migrations/bound-notifications.migration.js';
import { CheckNotifications1796900002600 } from './migrations/check-notifications.migration.js';
import { CountOpenNotifications1796400002200 } from './migrations/count-open-notifications.migration.js';
import { CreateInvoices1700000002000 } from './migrations/create-invoices.migration.js';
import { FindOldNotifications1796500002300 } from './migrations/find-old-notifications.migration.js';
import { KeepNotifiedInvoices1798600002800 } from './migrations/keep-notified-invoices.migration.js';
import { KeepInvoiceTimes1798300002700 } from './migrations/keep-invoice-times.migration.js';
import { ListInvoices1796800002500 } from './migrations/list-invoices.migration.js';
import { ReleaseInvoices1796500002400 } from './migrations/release-invoices.migration.js';
import { executeNotificationSql, releaseNotificationSql } from './notifications/invoice-notification-moves.js';
import { InvoiceNotificationStatus } from './notifications/invoice-notification-status.js';
import { InvoiceNotification } from './notifications/invoice-notification.entity.js';
import {
  InvoiceNotificationRepository,
  type NotificationRoom,
} from './notifications/invoice-notification.repository.js';
import { executeInvoiceSql } from './invoices/invoice-moves.js';
import { InvoiceStatus, InvoiceType } from './invoices/invoice-status.js';
import { Invoice } from './invoices/invoice.entity.js';
import { InvoiceRepository } from './invoices/invoice.repository.js';

const ALICE = '78956562';
const NOW = new Date();
const LATER = new Date(NOW.getTime() + 60_000);
const AT_ONCE = 8;

function winners(outcomes: boolean[]): number {
  return outcomes.filter(Boolean).length;
}

function atOnce(move: (index: number) => Promise<boolean>): Promise<boolean[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, index) => move(index)));
}

describe('invoices and notifications in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  /** Of two instances of the role. */
  let statements: HotStatements[];
  let invoices: InvoiceRepository;
  let notifications: InvoiceNotificationRepository;
  let otherNotifications: InvoiceNotificationRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database, {
      entities: [Invoice, InvoiceNotification],
      migrations: [
        CreateInvoices1700000002000,
        BoundNotifications1795800002100,
        CountOpenNotifications1796400002200,
        AddSubmissionUrls1796400002300,
        FindOldNotifications1796500002300,
        ReleaseInvoices1796500002400,
        ListInvoices1796800002500,
        KeepInvoiceTimes1798300002700,
        CheckNotifications1796900002600,
        KeepNotifiedInvoices1798600002800,
      ],
    });
    statements = [new HotStatements(dataSource), new HotStatements(dataSource)];
    invoices = new InvoiceRepository(dataSource, statements[0]!);
    [notifications, otherNotifications] = statements.map(
      (one) => new InvoiceNotificationRepository(dataSource, one),
    ) as [InvoiceNotificationRepository, InvoiceNotificationRepository];
  });

  afterAll(async () => {
    await Promise.all(statements.map((one) => one.onApplicationShutdown()));
    await dataSource.destroy();
    await database.drop();
  });

  async function issue(more: Partial<Invoice> = {}): Promise<string> {
    const invoice: Invoice = {
      id: randomUUID(),
      type: InvoiceType.Standard,
      status: InvoiceStatus.Pending,
      merchantIdentifier: '26547070',
      name: 'Bob Diaz',
      account: 'bob',
      amount: 1040n,
      currency: 'USD',
      identifier: ALICE,
      info: 'Lunch',
      paymentId: null,
      payerIdentifier: null,
      notified: false,
      submissionUrl: null,
      expiresAt: null,
      createdAt: NOW,
      ...more,
    };
    await invoices.addOnce(invoice);
    return invoice.id;
  }

  async function notify(
    more: Partial<InvoiceNotification> = {},
    room?: NotificationRoom,
    at = notifications,
  ): Promise<InvoiceNotification | null> {
    const notification = {
      id: randomUUID(),
      invoiceUrl: `http://spsp.test/invoices/${randomUUID()}`,
      senderIdentifier: ALICE,
      memo: 'Lunch',
      status: InvoiceNotificationStatus.Pending,
      paymentId: null,
      issuer: 'dfsp2',
      invoice: null,
      expiresAt: null,
      createdAt: NOW,
      checkAt: NOW,
      ...more,
    };
    return at.addOnce(notification, room);
  }

  async function notified(): Promise<InvoiceNotification> {
    return (await notify())!;
  }

  function instanceOf<T>(index: number, one: T, other: T): T {
    return index % 2 === 0 ? one : other;
  }

  /** Runs a move as a statement of its own, on one of the instances; answers whether it did anything. */
  async function move(sql: string, values: unknown[], at = 0): Promise<boolean> {
    return (await statements[at % 2]!.prepare(`${sql} RETURNING true`)(...values)).length === 1;
  }

  /** What a DFSP API makes of an invoice for which a payment was set up. */
  async function claim(id: string, paymentId: string = randomUUID()): Promise<void> {
    const change = { status: InvoiceStatus.Approved, paymentId, payerIdentifier: ALICE };
    await dataSource.manager.update(Invoice, { id }, change);
  }

  const execute = (id: string, paymentId: string, at = 0) =>
    move(executeInvoiceSql({ invoiceId: '$1', paymentId: '$2', payerIdentifier: '$3' }), [id, paymentId, ALICE], at);

  it('keep all members', async () => {
    const id = await issue({ expiresAt: LATER });
    expect(await invoices.findInvoice(id)).toMatchObject({
      amount: 1040n,
      status: 'pending',
      expiresAt: LATER,
      createdAt: NOW,
    });
    expect(await invoices.findInvoice(randomUUID())).toBeNull();
  });

  it.each([{ amount: 0n }, { amount: -1n }, { identifier: null }, { type: 'gift' }, { status: 'lost' }])(
    'cannot hold %o',
    async (more) => {
      await expect(issue(more as Partial<Invoice>)).rejects.toThrow(/violates check constraint/);
    },
  );

  it('are released only by the payment that claimed them', async () => {
    const id = await issue();
    const paymentId = randomUUID();
    await claim(id, paymentId);
    expect(await invoices.releaseInvoice(id, randomUUID())).toBe(false);
    expect(await invoices.releaseInvoice(id, paymentId)).toBe(true);
    expect(await invoices.releaseInvoice(id, paymentId)).toBe(false);
    expect(await invoices.findInvoice(id)).toMatchObject({ status: 'pending', paymentId: null, payerIdentifier: null });
  });

  it('are executed once; products never are', async () => {
    const id = await issue();
    const paymentId = randomUUID();
    expect(winners(await atOnce((index) => execute(id, paymentId, index)))).toBe(1);
    expect(await invoices.findInvoice(id)).toMatchObject({ status: 'executed', paymentId, payerIdentifier: ALICE });
    expect(await invoices.cancelInvoice(id, NOW)).toBe(false);
    const product = await issue({ type: InvoiceType.Product, identifier: null });
    expect(await execute(product, paymentId)).toBe(false);
    expect(await invoices.findInvoice(product)).toMatchObject({ status: 'pending', paymentId: null });
  });

  it('expire in batches of limited size, but not while they are being paid', async () => {
    const past = new Date(NOW.getTime() - 1);
    const overdue = await Promise.all([1, 2, 3].map(() => issue({ expiresAt: past })));
    const inProgress = await issue({ expiresAt: LATER });
    await claim(inProgress);
    await dataSource.manager.update(Invoice, { id: inProgress }, { expiresAt: past });
    expect(await invoices.cancelInvoice(overdue[0]!, NOW)).toBe(false);
    expect(await invoices.expireOverdue(NOW, 2)).toBe(2);
    expect(await invoices.expireOverdue(NOW, 2)).toBe(1);
    expect(await invoices.expireOverdue(NOW, 2)).toBe(0);
    for (const id of overdue) expect((await invoices.findInvoice(id))?.status).toBe('expired');
    expect((await invoices.findInvoice(inProgress))?.status).toBe('approved');
  });

  it('N27: a notification is stored once per pair, also with parallel requests', async () => {
    const first = await notified();
    const again = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        instanceOf(index, notifications, otherNotifications).addOnce(Object.assign({}, first, { memo: 'again' })),
      ),
    );
    expect(new Set(again.map((one) => one?.id))).toEqual(new Set([first.id]));
    expect(again[0]).toMatchObject({ memo: 'Lunch' });
    const other = await notifications.addOnce(
      Object.assign({}, first, { id: randomUUID(), senderIdentifier: 'somebody' }),
    );
    expect(other?.id).not.toBe(first.id);
  });

  it('A13: parallel notifications do not exceed the limits per issuer, in total and per client', async () => {
    const stored = async (issuer: string, room: NotificationRoom, senderIdentifier?: string): Promise<number> => {
      const more = { issuer, ...(senderIdentifier === undefined ? {} : { senderIdentifier }) };
      const all = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) =>
          notify(more, room, instanceOf(index, notifications, otherNotifications)),
        ),
      );
      return all.filter((one) => one !== null).length;
    };
    expect(await stored('mallory', { perIssuer: 100, perClient: 3 })).toBe(3);
    expect(await stored('mallory', { perIssuer: 5, perClient: 3 }, 'another')).toBe(2);
    expect(await stored('trent', { perIssuer: 5, perClient: 2 })).toBe(2);
  });

  it('N27: a pair that is stored at once by two instances is stored once, also where there is room for one', async () => {
    for (let round = 0; round < 5; round++) {
      const more = { id: randomUUID(), issuer: `issuer ${round}`, invoiceUrl: `http://spsp.test/invoices/${round}` };
      const room = { perIssuer: 1, perClient: 1 };
      const both = await Promise.all([notify(more, room), notify(more, room, otherNotifications)]);
      expect(both.map((one) => one?.id)).toEqual([more.id, more.id]);
      expect(await notify({ issuer: more.issuer }, room)).toBeNull();
    }
  });

  it('A8: notifications expire with their invoice', async () => {
    const over = await notify({ expiresAt: NOW });
    const open = await notify({ expiresAt: LATER });
    const paying = await notify({ expiresAt: NOW, paymentId: randomUUID() });
    expect(await notifications.expireOverdue(NOW, 100)).toBe(1);
    const statuses = await Promise.all(
      [over, open, paying].map(async (one) => (await notifications.findNotification(one!.id))?.status),
    );
    expect(statuses).toEqual(['expired', 'pending', 'pending']);
  });

  it('a claimed notification cannot be rejected, and is paid or released by its payment alone', async () => {
    const { id } = await notified();
    const [winner, other] = [randomUUID(), randomUUID()];
    const payment = { notificationId: '$1', paymentId: '$2' };
    const claimFor = (paymentId: string) => dataSource.manager.update(InvoiceNotification, { id }, { paymentId });
    const pay = (paymentId: string, at = 0) => move(executeNotificationSql(payment), [id, paymentId], at);
    const release = (paymentId: string) => move(releaseNotificationSql(payment), [id, paymentId]);
    await claimFor(winner);
    expect(await notifications.rejectNotification(id)).toBe(false);
    expect([await pay(other), await release(other)]).toEqual([false, false]);
    expect(await release(winner)).toBe(true);
    expect(await pay(winner)).toBe(false);
    await claimFor(winner);
    expect(winners(await atOnce((index) => pay(winner, index)))).toBe(1);
    expect(await notifications.findNotification(id)).toMatchObject({ status: 'executed', paymentId: winner });
    expect(await release(winner)).toBe(false);
  });

  it('lists pending notifications in pages, newest first', async () => {
    const client = '11111111';
    for (let minute = 0; minute < 3; minute++) {
      const { id } = await notified();
      await dataSource.manager.update(
        InvoiceNotification,
        { id },
        { senderIdentifier: client, memo: `${minute}`, createdAt: new Date(minute * 60_000) },
      );
    }
    const memos = async (limit: number, offset: number) =>
      (await notifications.listPendingOf(client, { limit, offset })).map(({ memo }) => memo);
    expect(await memos(2, 0)).toEqual(['2', '1']);
    expect(await memos(2, 2)).toEqual(['0']);
  });

  it('K3: does not list pending notifications whose invoice has expired, unless one is being paid', async () => {
    const senderIdentifier = '22222222';
    const expiresAt = new Date(NOW.getTime() - 1);
    await notify({ senderIdentifier, expiresAt });
    const paying = await notify({ senderIdentifier, expiresAt, paymentId: randomUUID() });
    const open = await notify({ senderIdentifier, expiresAt: new Date(NOW.getTime() + 1) });
    const listed = await notifications.listPendingOf(senderIdentifier, { limit: 9, offset: 0 }, NOW);
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([paying!.id, open!.id]));
  });

  it('K3: end like their invoice, also those that were rejected; not those that a payment is paying', async () => {
    for (const [invoiceStatus, end] of [
      ['paid', 'executed'],
      ['cancelled', 'cancelled'],
      ['expired', 'expired'],
      ['rejected', 'rejected'],
    ] as const) {
      const { id } = await notified();
      expect(await notifications.endLikeInvoice(id, 'unpaid')).toBeUndefined();
      expect(await notifications.endLikeInvoice(id, invoiceStatus)).toBe(end);
      expect(await notifications.endLikeInvoice(id, invoiceStatus)).toBeUndefined();
      const { id: rejected } = await notified();
      await notifications.rejectNotification(rejected);
      await notifications.endLikeInvoice(rejected, invoiceStatus);
      expect(await notifications.findNotification(rejected)).toMatchObject({ status: end });
    }
    const paying = await notify({ paymentId: randomUUID() });
    expect(await notifications.endLikeInvoice(paying!.id, 'paid')).toBeUndefined();
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
