import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { signDocument, SigningKey } from '@level-one/peers';
import { ADMIN, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, LedgerUris, type Transfer, type TransferContent } from '@level-one/transfer';
import type { Claim } from '../schema/claim.entity.js';
import { claimLedgerKeysOf } from './ledger-keys.js';
import { Claims, type ClaimsOptions } from './claims.js';
import { statementOf } from './transfer-statement.js';

const GRACE_MS = 30_000;
const MINUTE_MS = 60_000;
const CONNECTOR = ownerOf('connector');
const SECOND_ADMIN = { ...ADMIN, name: 'second' };
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
/** Key of the ledger behind the connector. */
const KEY = SigningKey.of('ledger', '03'.repeat(32));
const FOREIGN_KEY = SigningKey.of('ledger', '04'.repeat(32));
const BEHIND = { uris: new LedgerUris('http://centre'), currency: 'USD', scale: 2 };

let test: TestLedger;
let errors: unknown[];

beforeEach(async () => {
  errors = [];
  test = await openTestLedger({ lateGraceMs: GRACE_MS });
  await test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n });
  await test.open({ name: 'other', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n });
  await test.open({ name: 'claims', accountType: AccountType.Settlement, balance: 1_000n });
});

afterEach(() => test.close());

function claimsWith(change: Partial<ClaimsOptions> = {}): Claims {
  return new Claims(test.dataSource, test.ledger, {
    account: 'claims',
    keys: claimLedgerKeysOf(`connector=${KEY.publicKey},other=${FOREIGN_KEY.publicKey}`),
    windowMs: 24 * 60 * MINUTE_MS,
    upMaxMs: 30_000,
    onError: (error) => errors.push(error),
    ...change,
  });
}

/** A transfer of 1.00 from alice to the connector whose grace lapsed `ms` ago. */
async function lapsed(ms = MINUTE_MS, content: Partial<TransferContent> = {}): Promise<Transfer> {
  const request = transferRequest({ creditAccount: 'connector', ...content });
  await test.ledger.putTransfer(request, ownerOf('alice'));
  await test.letExpire(request.content.id, GRACE_MS + ms);
  await test.ledger.rejectExpiredTransfers();
  await test.writePast(`UPDATE transfers SET rejected_at = open_until + interval '1 ms' WHERE id = $1`, [
    request.content.id,
  ]);
  return test.ledger.reads.readTransfer(request.content.id);
}

/** What the following ledger says of its transfer, which expired a second before and was executed in its grace. */
function following(transfer: Transfer, change: Partial<Transfer> = {}, key = KEY): string {
  const expiresAt = new Date(transfer.expiresAt!.getTime() - 1_000);
  const behind: Transfer = {
    ...transfer,
    state: 'executed' as Transfer['state'],
    expiresAt,
    openUntil: new Date(expiresAt.getTime() + GRACE_MS),
    executedAt: new Date(expiresAt.getTime() + 500),
    fulfillment: FULFILLMENT,
    rejectionReason: null,
    ...change,
  };
  return signDocument(key, statementOf(behind, BEHIND));
}

const claimOf = (transfer: Transfer, change: object = {}) => ({
  amount: transfer.amount,
  fulfillment: FULFILLMENT,
  statement: following(transfer),
  ...change,
});

/** Records that the ledger was down, from `from` to `until` ms before the end of a transfer. */
async function wasDown({ openUntil }: Transfer, from: number, until = 0): Promise<void> {
  await test.dataSource.query(
    `INSERT INTO downtimes (began_at, ended_at, extended)
     SELECT $1::timestamptz - $2 * interval '1 ms', $1::timestamptz - $3 * interval '1 ms', 0`,
    [openUntil, from, until],
  );
}

const refusal = (status: number, id: string) => ({ status, id });

describe('ruling 39: a late claim', () => {
  it('waits for two different administrators, who pay it out of the account for claims, once', async () => {
    const claims = claimsWith();
    const transfer = await lapsed();
    const { claim, isNew } = await claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    expect([isNew, claim]).toMatchObject([true, { isAutomatic: false, approvedBy: [], bookedAt: null, amount: 100n }]);
    expect(await claims.list({ isOpen: true, limit: 10 })).toMatchObject([{ transferId: transfer.id }]);

    expect(await claims.approve(transfer.id, ADMIN)).toMatchObject({ approvedBy: ['admin'], approvedAt: null });
    expect(await claims.approve(transfer.id, ADMIN)).toMatchObject({ approvedBy: ['admin'], approvedAt: null });
    expect(await test.funds('connector')).toEqual([0n, 0n]);
    const paid = await claims.approve(transfer.id, SECOND_ADMIN);
    expect(paid).toMatchObject({ approvedBy: ['admin', 'second'], account: 'claims', bookedAt: expect.any(Date) });
    expect(await claims.approve(transfer.id, { ...ADMIN, name: 'third' })).toEqual(paid);
    expect([await test.funds('connector'), await test.funds('claims')]).toEqual([
      [100n, 0n],
      [900n, 0n],
    ]);
    expect(await test.funds('alice')).toEqual([10_000n, 0n]);
    expect(await claims.list({ isOpen: true, limit: 10 })).toEqual([]);
    expect(await claims.list({ isOpen: false, limit: 10 })).toEqual([paid]);
    expect(await claims.make(transfer.id, claimOf(transfer), CONNECTOR)).toEqual({ claim: paid, isNew: false });
    expect(errors).toEqual([]);
  });

  it('is answered as it stands when it is repeated, also at the same moment', async () => {
    const claims = claimsWith();
    const transfer = await lapsed();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => claims.make(transfer.id, claimOf(transfer), CONNECTOR)),
    );
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ claim }) => claim.bookingId)).size).toBe(1);
  });

  it('is refused with other content under the same transfer', async () => {
    const claims = claimsWith();
    const transfer = await lapsed();
    await claims.make(transfer.id, claimOf(transfer, { amount: 50n }), CONNECTOR);
    const more = claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    await expect(more).rejects.toMatchObject(refusal(400, 'InvalidModificationError'));
  });

  it('can be refused by an administrator, and then stays so', async () => {
    const claims = claimsWith();
    const transfer = await lapsed();
    await claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    await claims.approve(transfer.id, ADMIN);
    const refused = await claims.refuse(transfer.id, 'paid otherwise', SECOND_ADMIN);
    expect(refused).toMatchObject({ refusedBy: 'second', refusal: 'paid otherwise' });
    const approved = claims.approve(transfer.id, SECOND_ADMIN);
    await expect(approved).rejects.toMatchObject(refusal(400, 'InvalidModificationError'));
    expect(await claims.list({ isOpen: true, limit: 10 })).toEqual([]);
    expect(await test.funds('connector')).toEqual([0n, 0n]);
  });

  it('stays approved while the account has too little, and is paid once it has enough', async () => {
    const claims = claimsWith();
    await test.issue('claims', -950n);
    const transfer = await lapsed();
    await claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    await claims.approve(transfer.id, ADMIN);
    expect(await claims.approve(transfer.id, SECOND_ADMIN)).toMatchObject({
      approvedAt: expect.any(Date),
      bookedAt: null,
    });
    expect(errors).toMatchObject([refusal(422, 'InsufficientFundsError')]);
    await test.issue('claims', 950n);
    const { claim } = await claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    expect(claim.bookedAt).toEqual(expect.any(Date));
    expect(await test.funds('connector')).toEqual([100n, 0n]);
  });
});

describe('ruling 39: the downtime of the ledger', () => {
  const isAutomatic = async (transfer: Transfer, claims = claimsWith()): Promise<boolean> =>
    (await claims.make(transfer.id, claimOf(transfer), CONNECTOR)).claim.isAutomatic;

  it('pays a claim without administrators where it covers the time in which the transfer was open', async () => {
    const transfer = await lapsed();
    await test.writePast(`UPDATE transfers SET prepared_at = expires_at - interval '10 s' WHERE id = $1`, [
      transfer.id,
    ]);
    await wasDown(transfer, 35_000);
    const { claim } = await claimsWith().make(transfer.id, claimOf(transfer), CONNECTOR);
    expect(claim).toMatchObject({ isAutomatic: true, approvedBy: [], bookedAt: expect.any(Date) });
    expect(await test.funds('connector')).toEqual([100n, 0n]);
  });

  it('pays nothing where the ledger was up for long enough, or at another time, or nothing is known of a downtime', async () => {
    const [none, before, short] = [await lapsed(), await lapsed(), await lapsed()];
    expect(await isAutomatic(none)).toBe(false);
    await wasDown(before, 20 * MINUTE_MS, 10 * MINUTE_MS);
    expect(await isAutomatic(before)).toBe(false);
    await wasDown(short, 10_000);
    expect(await isAutomatic(short)).toBe(false);
  });

  it('counts overlapping downtimes once', async () => {
    const transfer = await lapsed();
    for (let n = 0; n < 10; n += 1) await wasDown(transfer, 20_000);
    expect(await isAutomatic(transfer)).toBe(false);
  });

  it('leaves a claim to administrators while no account pays', async () => {
    const transfer = await lapsed();
    await wasDown(transfer, 3 * MINUTE_MS);
    const claims = claimsWith({ account: undefined });
    expect(await isAutomatic(transfer, claims)).toBe(false);
    await expect(claims.approve(transfer.id, ADMIN)).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
  });
});

describe('ruling 39: no claim has', () => {
  const make = (transfer: Transfer, change: object = {}, principal = CONNECTOR, claims = claimsWith()) =>
    claims.make(transfer.id, claimOf(transfer, change), principal);

  it.each([
    ['the payer', ownerOf('alice'), 403, 'UnauthorizedError'],
    ['another connector', ownerOf('other'), 404, 'NotFoundError'],
    ['an administrator', ADMIN, 403, 'UnauthorizedError'],
  ])('%s', async (_, principal, status, id) => {
    await expect(make(await lapsed(), {}, principal)).rejects.toMatchObject(refusal(status, id));
  });

  it('a transfer that is open, executed, rejected by its creditor, unknown, or without a condition', async () => {
    const open = transferRequest({ creditAccount: 'connector' });
    const { transfer } = await test.ledger.putTransfer(open, ownerOf('alice'));
    await expect(make(transfer)).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
    await test.ledger.fulfilTransfer(transfer.id, FULFILLMENT, CONNECTOR);
    await expect(make(transfer)).rejects.toMatchObject(refusal(400, 'InvalidModificationError'));
    const late = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer(late, ownerOf('alice'));
    await test.letExpire(late.content.id, 1_000);
    const rejected = await test.ledger.rejectTransfer(late.content.id, { message: 'not paid' }, CONNECTOR);
    await expect(make(rejected)).rejects.toMatchObject(refusal(422, 'AlreadyRolledBackError'));
    const unknown = { ...transfer, id: '00000000-0000-4000-8000-000000000000' };
    await expect(make(unknown)).rejects.toMatchObject(refusal(404, 'NotFoundError'));
    const plain = transferRequest({ creditAccount: 'connector', executionCondition: null, expiresAt: null });
    const executed = await test.ledger.putTransfer(plain, ownerOf('alice'));
    const claimed = claimsWith().make(executed.transfer.id, claimOf(transfer), CONNECTOR);
    await expect(claimed).rejects.toMatchObject(refusal(422, 'TransferNotConditionalError'));
  });

  it('more than the transfer, another fulfillment, or a customer as creditor', async () => {
    const transfer = await lapsed();
    await expect(make(transfer, { amount: 101n })).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
    const other = make(transfer, { fulfillment: OTHER_FULFILLMENT });
    await expect(other).rejects.toMatchObject(refusal(422, 'UnmetConditionError'));
    const customers = await lapsed(MINUTE_MS, { creditAccount: 'bob' });
    const bobs = make(customers, {}, ownerOf('bob'));
    await expect(bobs).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
  });

  it('a transfer that ended too long ago', async () => {
    const claims = claimsWith({ windowMs: 30_000 });
    const late = make(await lapsed(), {}, CONNECTOR, claims);
    await expect(late).rejects.toMatchObject(refusal(422, 'ExpiredTransferError'));
  });

  it.each<[string, (transfer: Transfer) => string]>([
    ['signed by a ledger that is not behind this account', (transfer) => following(transfer, {}, FOREIGN_KEY)],
    ['about another transfer', (transfer) => following({ ...transfer, id: '00000000-0000-4000-8000-000000000001' })],
    ['that it is prepared', (transfer) => following(transfer, { state: 'prepared' as Transfer['state'] })],
    ['about another fulfillment', (transfer) => following(transfer, { fulfillment: OTHER_FULFILLMENT })],
    ['that it was executed after its end', (transfer) => following(transfer, { executedAt: transfer.rejectedAt })],
    ['about a transfer that expired no earlier', (transfer) => following(transfer, { expiresAt: transfer.expiresAt })],
    ['without times', (transfer) => following(transfer, { expiresAt: null, executedAt: null })],
    ['that is no text of a ledger', () => 'a.b.c'],
  ])('a statement %s', async (_, statement) => {
    const transfer = await lapsed();
    const claimed = make(transfer, { statement: statement(transfer) });
    await expect(claimed).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
  });

  it('an account for which no key is set', async () => {
    const claimed = make(await lapsed(), {}, CONNECTOR, claimsWith({ keys: new Map() }));
    await expect(claimed).rejects.toMatchObject(refusal(422, 'UnprocessableEntityError'));
  });

  it('money of a customer or of the house: only an account of kind s pays, and not that of settlements', async () => {
    await test.open({ name: 'settlement', accountType: AccountType.Settlement, minimumAllowedBalance: null });
    for (const account of ['bob', 'nobody', 'other', 'settlement']) {
      const claims = claimsWith({ account });
      const transfer = await lapsed();
      await make(transfer, {}, CONNECTOR, claims);
      await claims.approve(transfer.id, ADMIN);
      expect(await claims.approve(transfer.id, SECOND_ADMIN)).toMatchObject({ bookedAt: null });
    }
    expect(errors).toHaveLength(4);
    expect(await test.funds('connector')).toEqual([0n, 0n]);
  });
});

describe('the claim of a transfer', () => {
  it('is read by its creditor, by administrators and by nobody else', async () => {
    const claims = claimsWith();
    const transfer = await lapsed();
    const { claim } = await claims.make(transfer.id, claimOf(transfer), CONNECTOR);
    const readAs = (principal: typeof ADMIN): Promise<Claim> => claims.read(transfer.id, principal);
    expect([await readAs(CONNECTOR), await readAs(ADMIN)]).toEqual([claim, claim]);
    for (const name of ['alice', 'other']) {
      await expect(readAs(ownerOf(name))).rejects.toMatchObject(refusal(404, 'NotFoundError'));
    }
  });
});
