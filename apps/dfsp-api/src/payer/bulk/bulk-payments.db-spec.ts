import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AmountType } from '@level-one/quote';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, TestBed } from '../../../test/test-bed.js';
import { type BulkRow, BulkStatus, RowStatus } from './bulk-payment.entity.js';
import { BulkPaymentsRepository } from './bulk-payments.repository.js';

const NOW = new Date();
const LATER = new Date(NOW.getTime() + 60_000);

describe('lists of payments', () => {
  let bed: TestBed;
  let bulks: BulkPaymentsRepository;

  beforeAll(async () => {
    bed = await TestBed.start();
    bulks = bed.get(BulkPaymentsRepository);
  });
  afterAll(() => bed.stop());

  /** A list that no worker takes, with rows of one status. */
  async function list(length: number, status: RowStatus): Promise<{ id: string; rows: BulkRow[] }> {
    const id = randomUUID();
    const rows = Array.from({ length }, (_, index): BulkRow => ({
      bulkId: id,
      line: index + 1,
      identifier: BOB,
      amount: '1',
      currency: null,
      status,
      paymentId: randomUUID(),
      name: null,
      sourceAmount: null,
      fee: 0n,
      receiveAmount: null,
      errorId: null,
      message: null,
      attempts: 0,
      checkAt: NOW,
    }));
    await bulks.keepFirst(
      {
        id,
        payerIdentifier: ALICE,
        account: 'alice',
        amountType: AmountType.Receive,
        status: BulkStatus.Checking,
        fingerprint: id,
        createdAt: NOW,
        askUntil: LATER,
      },
      rows,
    );
    return { id, rows };
  }
  const statusOf = async (id: string) => (await bulks.findBulkPayment(id))?.status;
  const statusesIn = async (id: string) =>
    (await bulks.findRows(id, { after: 0, limit: 100 })).map(({ status }) => status as string);

  it('are checked once the last row is, also if the last rows are checked at once', async () => {
    for (let round = 0; round < 10; round++) {
      const { id, rows } = await list(3, RowStatus.Waiting);
      expect(await statusOf(id)).toBe('checking');
      await Promise.all(rows.map((row) => bulks.moveRow(row, RowStatus.Waiting, { status: RowStatus.Checked })));
      expect(await statusOf(id)).toBe('checked');
    }
  });

  it('are worked on by many workers at once, each row by one', async () => {
    const { id } = await list(20, RowStatus.Waiting);
    const taken = await Promise.all(Array.from({ length: 30 }, () => bulks.takeDue(NOW, LATER, 1)));
    const lines = taken
      .flat()
      .filter(({ bulkId }) => bulkId === id)
      .map(({ line }) => line);
    expect(lines.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(await bulks.takeDue(NOW, LATER, 1)).toEqual([]);
    // As after a crash of the worker.
    await bulks.releaseAll(NOW);
    expect(await bulks.takeDue(NOW, LATER, 20)).toHaveLength(20);
    await bulks.cancelBulkPayment(id);
  });

  it('are not paid before they are executed; of many requests at once one executes them', async () => {
    const { id, rows } = await list(2, RowStatus.Checked);
    expect(await bulks.takeDue(NOW, LATER, 9)).toEqual([]);
    const begun = await Promise.all(Array.from({ length: 5 }, () => bulks.beginPaying(id, LATER)));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await bulks.takeDue(NOW, LATER, 9)).toHaveLength(2);
    await Promise.all(rows.map((row) => bulks.moveRow(row, RowStatus.Checked, { status: RowStatus.Failed })));
    expect(await statusOf(id)).toBe('done');
  });

  it('are cancelled except for the rows that are being paid, also if both happen at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, rows } = await list(2, RowStatus.Checked);
      await bulks.beginPaying(id, LATER);
      const [isPaying, isCancelled] = await Promise.all([
        bulks.moveRow(rows[0]!, RowStatus.Checked, { status: RowStatus.Paying }),
        bulks.cancelBulkPayment(id),
      ]);
      expect(isCancelled).toBe(true);
      expect(await statusesIn(id)).toEqual([isPaying ? 'paying' : 'cancelled', 'cancelled']);
      // Rows that are being paid are still taken.
      const open = await bulks.takeDue(NOW, LATER, 9);
      expect(open.map(({ line }) => line)).toEqual(isPaying ? [1] : []);
      if (isPaying) await bulks.moveRow(rows[0]!, RowStatus.Paying, { status: RowStatus.Paid });
      expect(await statusOf(id)).toBe('cancelled');
    }
  });

  it('are moved only while their paymentId is the one that was read', async () => {
    const { id, rows } = await list(1, RowStatus.Checked);
    const [row] = rows as [BulkRow];
    const renewed = { paymentId: randomUUID() };
    const moves = await Promise.all([
      bulks.moveRow(row, RowStatus.Checked, renewed),
      bulks.moveRow(row, RowStatus.Checked, { paymentId: randomUUID() }),
    ]);
    expect(moves.filter(Boolean)).toHaveLength(1);
    expect(await bulks.moveRow(row, RowStatus.Checked, { status: RowStatus.Paying })).toBe(false);
    await bulks.cancelBulkPayment(id);
  });

  it('are taken without the rows whose characters cannot be read or stored; columns that are ignored may have them', async () => {
    const csv = 'identifier,amount,name\n26547070,1,José\n2654\x0070,2,Ann\n26547070,3,B\x00b\n26547070,4é,Eve\n';
    const answer = await bed.ask(
      `POST /v1/bulkPayments?sourceIdentifier=${ALICE}&sourceAccount=alice`,
      Buffer.from(csv, 'latin1'),
      { 'content-type': 'text/csv' },
    );
    expect(answer).toMatchObject({ status: 201, json: { rows: 4 } });
    const rows = await bulks.findRows(answer.json.bulkPaymentId, { after: 0, limit: 10 });
    expect(rows.map(({ line, errorId }) => [line, errorId])).toEqual([
      [2, null],
      [3, 'InvalidBodyError'],
      [4, null],
      [5, 'InvalidBodyError'],
    ]);
    await bulks.cancelBulkPayment(answer.json.bulkPaymentId);
  });

  it.each([
    ['NUL', '{"identifier":"2654\\u00007070","amount":"1"}', 'identifier must be a number'],
    ['half of a surrogate pair', '{"identifier":"26547070","amount":"\\ud8001"}', 'decimal'],
    ['bytes that are no UTF-8', Buffer.from('{"identifier":"26547070","amount":"1é"}', 'latin1'), 'decimal'],
    ['a number that would be rounded', '{"identifier":"26547070","amount":1234567890123456789012}', 'mount'],
    ['a number out of range', '{"identifier":"26547070","amount":1e999}', 'decimal'],
    ['a member twice', '{"identifier":"26547070","amount":1,"amount":2}', 'must not name a member twice'],
    ['a reserved name', '{"identifier":"26547070","amount":1,"__proto__":{}}', 'must not have a member named'],
  ])('are taken in JSON without the rows that have %s', async (_what, row, message) => {
    const [before, after] = [
      `{"sourceIdentifier":"${ALICE}","sourceAccount":"alice","rows":[{"identifier":"26547070","amount":1}, `,
      ',\n{"identifier":"26547070","amount":"2","name":"B\\u0000b","phone":12345678901234567890}]}',
    ];
    const body = Buffer.concat([Buffer.from(before), Buffer.from(row), Buffer.from(after)]);
    const answer = await bed.ask('POST /v1/bulkPayments', body);
    expect(answer).toMatchObject({ status: 201, json: { rows: 3 } });
    const rows = await bulks.findRows(answer.json.bulkPaymentId, { after: 0, limit: 10 });
    expect(rows.map(({ line, errorId }) => [line, errorId])).toEqual([
      [1, null],
      [2, expect.stringMatching(/^(InvalidBody|UnprocessableEntity)Error$/)],
      [3, null],
    ]);
    expect(rows[1]!.message).toContain(message);
    await bulks.cancelBulkPayment(answer.json.bulkPaymentId);
  });

  describe('that are no lists', () => {
    const post = (body: unknown, type = 'text/csv', query = `?sourceIdentifier=${ALICE}&sourceAccount=alice`) =>
      bed.ask(`POST /v1/bulkPayments${query}`, body, { 'content-type': type });

    it.each<[string, unknown, string]>([
      ['nothing', '', 'text/csv'],
      ['a header alone', 'identifier,amount\n', 'text/csv'],
      ['no header', '26547070,1\n', 'text/csv'],
      ['a column twice', 'identifier,amount,Amount\n26547070,1,2\n', 'text/csv'],
      ['a quote that never ends', 'identifier,amount\n"26547070,1\n', 'text/csv'],
      ['JSON that is text', '"identifier,amount"', 'application/json'],
      ['JSON without rows', '{}', 'application/json'],
      ['rows that are no list', { sourceIdentifier: ALICE, sourceAccount: 'alice', rows: 'x' }, 'application/json'],
    ])('are refused: %s', async (_name, body, type) => {
      const { status, json } = await post(body, type);
      expect([status, json.id]).toEqual([400, 'InvalidBodyError']);
    });

    it('field A: are refused if a list in JSON has its currency in the query', async () => {
      const inJson = { sourceIdentifier: ALICE, sourceAccount: 'alice', rows: [{ identifier: BOB, amount: '1' }] };
      const { status, json } = await post(inJson, 'application/json', '?currency=UGX');
      expect([status, json.id]).toEqual([400, 'InvalidBodyError']);
    });

    it('as CSV are refused on other routes', async () => {
      const answer = await bed.ask('POST /v1/quote', 'amount\n1\n', { 'content-type': 'text/csv' });
      expect([answer.status, answer.json.id]).toEqual([415, 'UnsupportedMediaTypeError']);
    });
  });
});
