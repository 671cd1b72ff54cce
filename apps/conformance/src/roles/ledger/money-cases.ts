import { randomBytes, randomUUID } from 'node:crypto';
import { formatFulfillment } from '@level-one/ilp';
import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { type AskedTransfer, cents, type LedgerUnderTest } from './test-ledger.js';

const STATES = 'contract/ledger.md#s3.4';
const CONDITIONS = 'contract/ledger.md#s3.6';
const N66 = 'contract/cases.md#n66';
const N68 = 'contract/cases.md#n68';
/** Life of a transfer that is to expire (ms). */
const LIFE_MS = 1_500;
const MAY = 'contract/ledger.md#s3.2';
const AMOUNTS = 'contract/README.md#s0.3';

/** What must hold of money: holds, moves, ends, and requests at the same time. */
export function moneyCases(ledger: LedgerUnderTest): ConformanceCase[] {
  const put = ledger.route('PUT /transfers/{id}');
  const fulfil = ledger.route('PUT /transfers/{id}/fulfillment');
  const reject = ledger.route('PUT /transfers/{id}/rejection');
  return [
    caseOf(put, 'a prepared transfer holds its amount, and credits nobody', STATES, () =>
      moving(ledger, put, 'a prepared transfer of 10.40', { payer: -1040n, payee: 0n }, async () => {
        await ledger.prepare({ amount: '10.40' });
      }),
    ),
    caseOf(fulfil, 'a fulfilled transfer moves exactly its amount', STATES, () =>
      moving(ledger, fulfil, 'a fulfilled transfer of 10.43', { payer: -1043n, payee: 1043n }, async () => {
        const transfer = await ledger.prepare({ amount: '10.43' });
        (await ledger.fulfil(transfer, 'the fulfillment of a prepared transfer')).mustBe({ status: 200 });
      }),
    ),
    caseOf(fulfil, 'a transfer that is fulfilled twice moves money once', STATES, () =>
      moving(ledger, fulfil, 'a transfer of 0.01, fulfilled twice,', { payer: -1n, payee: 1n }, async () => {
        const transfer = await ledger.prepare({ amount: '0.01' });
        for (const what of ['the fulfillment', 'the same fulfillment again']) {
          const answer = (await ledger.fulfil(transfer, what)).mustBe({ status: 200 });
          if (answer.text !== transfer.fulfillment) {
            answer.failWith(`was answered ${answer.text}; must be answered with the text that was submitted`);
          }
        }
      }),
    ),
    caseOf(reject, 'a rejected transfer gives the money back', STATES, () =>
      moving(ledger, reject, 'a rejected transfer', { payer: 0n, payee: 0n }, async () => {
        const { id } = await ledger.prepare({ amount: '10.40' });
        const answer = (await ledger.reject(id, 'the rejection of a prepared transfer')).mustBe({ status: 200 });
        if (answer.json.state !== 'rejected')
          answer.failWith(`was answered with the state ${answer.json.state}; must be rejected`);
        (await ledger.reject(id, 'the rejection again')).mustBe({ status: 200 });
      }),
    ),
    caseOf(put, 'a transfer without condition is executed at once', STATES, () =>
      moving(ledger, put, 'a transfer of 3.00 without condition', { payer: -300n, payee: 300n }, async () => {
        await ledger.prepare({ amount: '3.00', livesMs: null });
      }),
    ),
    caseOf(put, 'more than the balance is 422 InsufficientFundsError, and moves nothing', STATES, () =>
      moving(ledger, put, 'a refused transfer', { payer: 0n, payee: 0n }, async () => {
        await ledger.open();
        const answer = await ledger.put(
          ledger.transfer({ amount: '999999.00' }),
          'a transfer of more than the balance',
        );
        answer.mustBe({ status: 422, id: 'InsufficientFundsError' });
      }),
    ),
    ...amountCases(ledger, put),
    caseOf(put, 'two transfers at once that together exceed the balance: one is taken', STATES, () =>
      overdraw(ledger, put),
    ),
    caseOf(fulfil, 'fulfilled and rejected at once, a transfer ends in one way, and the books fit', STATES, () =>
      endBoth(ledger, fulfil),
    ),
    caseOf(put, 'a debit that somebody else authorizes is 403 UnauthorizedError', MAY, async () => {
      await ledger.open();
      const what = "the debit of another's account";
      const answer = await ledger.put(ledger.transfer(), what, ledger.ownerOf(ledger.stranger));
      answer.mustBe({ status: 403, id: 'UnauthorizedError' });
    }),
    caseOf(ledger.route('GET /transfers/{id}'), 'a transfer is 404 for who is no party of it', MAY, async () => {
      const { id } = await ledger.prepare();
      const answer = await ledger.read(id, "another's transfer", ledger.ownerOf(ledger.stranger));
      answer.mustBe({ status: 404 });
    }),
    caseOf(ledger.route('GET /accounts/{name}'), 'a stranger sees no balance', MAY, async () => {
      await ledger.open();
      const route = ledger.route('GET /accounts/{name}');
      const request = { as: ledger.ownerOf(ledger.stranger), path: { name: ledger.payer } };
      const answer = (await ledger.system.ask(route, "another's account", request)).mustBe({ status: 200 });
      if (answer.json.balance !== undefined)
        answer.failWith('was answered with `balance`; only owner and admin see it');
    }),
    ...endCases(ledger, { put, fulfil, reject }),
  ];
}

function amountCases(ledger: LedgerUnderTest, put: string): ConformanceCase[] {
  const wrong: [amount: unknown, words: string, status: number][] = [
    ['0', 'zero', 422],
    ['-1.00', 'a negative amount', 422],
    ['1.001', 'more decimals than the scale', 422],
    ['ten', 'no number', 400],
    ['', 'nothing', 400],
    [null, 'null', 400],
    [{ value: '1.00' }, 'an object', 400],
    ['99999999999999999999.00', 'more than the precision', 422],
  ];
  return wrong.map(([amount, words, status]) =>
    caseOf(put, `an amount that is ${words} is ${status}`, AMOUNTS, async () => {
      await ledger.open();
      const answer = await ledger.put(
        ledger.transfer({ amount: amount as string }),
        `a transfer whose amount is ${words}`,
      );
      answer.mustBe({ status });
    }),
  );
}

function endCases(
  ledger: LedgerUnderTest,
  { put, fulfil, reject }: Record<'put' | 'fulfil' | 'reject', string>,
): ConformanceCase[] {
  const other = formatFulfillment(randomBytes(32));
  const get = ledger.route('GET /transfers/{id}/fulfillment');
  return [
    caseOf(fulfil, 'a fulfillment that does not fit is 422 UnmetConditionError', CONDITIONS, async () => {
      const { id } = await ledger.prepare();
      const answer = await ledger.fulfil({ id, fulfillment: other }, 'the fulfillment of another condition');
      answer.mustBe({ status: 422, id: 'UnmetConditionError' });
    }),
    caseOf(fulfil, 'a fulfillment that cannot be read is 400 InvalidBodyError', CONDITIONS, async () => {
      const { id } = await ledger.prepare();
      const answer = await ledger.fulfil({ id, fulfillment: 'not a fulfillment' }, 'a text that is no fulfillment');
      answer.mustBe({ status: 400, id: 'InvalidBodyError' });
    }),
    caseOf(fulfil, 'a rejected transfer cannot be fulfilled: 400 InvalidModificationError', N66, async () => {
      const transfer = await ledger.prepare();
      (await ledger.reject(transfer.id, 'the rejection of a prepared transfer')).mustBe({ status: 200 });
      const answer = await ledger.fulfil(transfer, 'the fulfillment of a rejected transfer');
      answer.mustBe({ status: 400, id: 'InvalidModificationError' });
    }),
    caseOf(get, 'the fulfillment of a rejected transfer is 422 AlreadyRolledBackError', N68, async () => {
      const { id } = await ledger.prepare();
      (await ledger.reject(id, 'the rejection of a prepared transfer')).mustBe({ status: 200 });
      const request = { as: 'admin', path: { id } };
      const answer = await ledger.system.ask(get, 'reading the fulfillment of a rejected transfer', request);
      answer.mustBe({ status: 422, id: 'AlreadyRolledBackError' });
    }),
    caseOf(get, 'the fulfillment of a transfer that is only prepared is 404 MissingFulfillmentError', N68, async () => {
      const { id } = await ledger.prepare();
      const request = { as: 'admin', path: { id } };
      const answer = await ledger.system.ask(get, 'reading the fulfillment of a prepared transfer', request);
      answer.mustBe({ status: 404, id: 'MissingFulfillmentError' });
    }),
    caseOf(
      fulfil,
      'a proposed transfer cannot be fulfilled: 400 InvalidModificationError',
      'contract/cases.md#n65',
      async () => {
        const transfer = await ledger.prepare({ isAuthorized: false });
        const answer = await ledger.fulfil(transfer, 'the fulfillment of a proposed transfer');
        answer.mustBe({ status: 400, id: 'InvalidModificationError' });
      },
    ),
    caseOf(
      fulfil,
      'a transfer without condition is 422 TransferNotConditionalError',
      'contract/cases.md#n64',
      async () => {
        const transfer = await ledger.prepare({ livesMs: null });
        const answer = await ledger.fulfil(transfer, 'the fulfillment of a transfer without condition');
        answer.mustBe({ status: 422, id: 'TransferNotConditionalError' });
      },
    ),
    caseOf(
      fulfil,
      'an executed transfer takes no other fulfillment: 422 UnmetConditionError',
      'contract/cases.md#n67',
      async () => {
        const transfer = await ledger.prepare();
        (await ledger.fulfil(transfer, 'the fulfillment of a prepared transfer')).mustBe({ status: 200 });
        const answer = await ledger.fulfil(
          { id: transfer.id, fulfillment: other },
          'another fulfillment after the first',
        );
        answer.mustBe({ status: 422, id: 'UnmetConditionError' });
      },
    ),
    caseOf(reject, 'an executed transfer cannot be rejected: 400 InvalidModificationError', STATES, async () => {
      const transfer = await ledger.prepare();
      (await ledger.fulfil(transfer, 'the fulfillment of a prepared transfer')).mustBe({ status: 200 });
      const answer = await ledger.reject(transfer.id, 'the rejection of an executed transfer');
      answer.mustBe({ status: 400, id: 'InvalidModificationError' });
    }),
    caseOf(reject, 'the payer may not reject: 403 UnauthorizedError', MAY, async () => {
      const { id } = await ledger.prepare();
      const answer = await ledger.reject(id, 'a rejection by the payer', ledger.ownerOf(ledger.payer));
      answer.mustBe({ status: 403, id: 'UnauthorizedError' });
    }),
    caseOf(put, 'a condition without `expires_at` is 422', 'contract/ledger.md#s3.3', async () => {
      await ledger.open();
      const { id, body } = ledger.transfer();
      const { expires_at: _expiry, ...others } = body;
      (await ledger.put({ id, body: others }, 'a condition without `expires_at`')).mustBe({ status: 422 });
    }),
    caseOf(put, 'a condition that cannot be read is 400 InvalidBodyError', CONDITIONS, async () => {
      await ledger.open();
      const { id, body } = ledger.transfer();
      const changed = { id, body: { ...body, execution_condition: 'ni:nonsense' } };
      (await ledger.put(changed, 'a condition that cannot be read')).mustBe({ status: 400, id: 'InvalidBodyError' });
    }),
    caseOf(put, 'a transfer that is over when it comes is refused, and holds nothing', STATES, () =>
      moving(ledger, put, 'a transfer that is over', { payer: 0n, payee: 0n }, async () => {
        await ledger.open();
        (await ledger.put(ledger.transfer({ livesMs: -1_000 }), 'a transfer that is over')).mustBe({ status: 422 });
      }),
    ),
    caseOf(put, 'two debits are 422', 'contract/ledger.md#s3.3', async () => {
      await ledger.open();
      const { id, body } = ledger.transfer();
      const half = { ...body['debits'][0], amount: '0.50' };
      (await ledger.put({ id, body: { ...body, debits: [half, half] } }, 'two debits')).mustBe({ status: 422 });
    }),
    caseOf(put, 'an unknown account is 422', 'contract/errors.md#s6.1', async () => {
      await ledger.open();
      const { id, body } = ledger.transfer();
      const credits = [{ account: 'no-such-account', amount: '1.00' }];
      (await ledger.put({ id, body: { ...body, credits } }, 'a credit of an unknown account')).mustBe({ status: 422 });
    }),
    caseOf(put, 'ids are compared in lower case', AMOUNTS, async () => {
      const { id, body } = await ledger.prepare();
      (await ledger.put({ id: id.toUpperCase(), body }, 'the same transfer with its id in capitals')).mustBe({
        status: 200,
      });
    }),
    caseOf(
      put,
      'another id in the body than in the path is 400 InvalidBodyError',
      'contract/errors.md#s6.1',
      async () => {
        await ledger.open();
        const { id, body } = ledger.transfer();
        const changed = { id, body: { ...body, id: randomUUID() } };
        (await ledger.put(changed, 'another id in the body')).mustBe({ status: 400, id: 'InvalidBodyError' });
      },
    ),
    {
      ...caseOf(fulfil, 'a transfer past its `expires_at` is fulfilled by nobody but its creditor', N66, async () => {
        const transfer = await ledger.prepare({ livesMs: LIFE_MS });
        await new Promise((resolve) => setTimeout(resolve, LIFE_MS + 500));
        const payer = ledger.ownerOf(ledger.payer);
        const answer = await ledger.fulfil(transfer, 'the fulfillment of an expired transfer', payer);
        answer.mustBe({ status: 422, id: 'ExpiredTransferError' });
      }),
      isSlow: true,
    },
  ];
}

/** Compares the balances of payer and payee before and after. @throws NotConforming with both */
async function moving(
  ledger: LedgerUnderTest,
  route: string,
  what: string,
  expected: { payer: bigint; payee: bigint },
  act: () => Promise<void>,
): Promise<void> {
  await ledger.open();
  const balances = async () => ({
    payer: cents(await ledger.balanceOf(ledger.payer)),
    payee: cents(await ledger.balanceOf(ledger.payee)),
  });
  const before = await balances();
  await act();
  const after = await balances();
  for (const side of ['payer', 'payee'] as const) {
    const moved = after[side] - before[side];
    if (moved === expected[side]) continue;
    throw new NotConforming(
      `${route}: ${what} moved the ${side}'s balance by ${units(moved)}; must be ${units(expected[side])}`,
    );
  }
}

function units(minor: bigint): string {
  return (Number(minor) / 100).toFixed(2);
}

async function overdraw(ledger: LedgerUnderTest, route: string): Promise<void> {
  await ledger.open();
  const name = `poor-${randomUUID().slice(0, 8)}`;
  await ledger.openAccount(name, '10.00');
  const transfers = [1, 2, 3].map(() => {
    const transfer = ledger.transfer({ amount: '6.00' });
    transfer.body['debits'][0].account = name;
    return transfer;
  });
  const what = 'one of three transfers of 6.00 at once from a balance of 10.00';
  const answers = await Promise.all(transfers.map((transfer) => ledger.put(transfer, what, ledger.ownerOf(name))));
  for (const answer of answers) {
    answer.mustBe(answer.status === 201 ? { status: 201 } : { status: 422, id: 'InsufficientFundsError' });
  }
  const taken = answers.filter(({ status }) => status === 201).length;
  if (taken !== 1)
    throw new NotConforming(
      `${route}: ${taken} of three transfers of 6.00 at once from a balance of 10.00 were taken; must be 1`,
    );
}

async function endBoth(ledger: LedgerUnderTest, route: string): Promise<void> {
  await ledger.open();
  const before = cents(await ledger.balanceOf(ledger.payer)) + cents(await ledger.balanceOf(ledger.payee));
  const transfer: AskedTransfer = await ledger.prepare({ amount: '1.00' });
  const [fulfilled, rejected] = await Promise.all([
    ledger.fulfil(transfer, 'a fulfillment at the same time as a rejection'),
    ledger.reject(transfer.id, 'a rejection at the same time as a fulfillment'),
  ]);
  fulfilled.mustBe(fulfilled.status === 200 ? { status: 200 } : { status: 400, id: 'InvalidModificationError' });
  rejected.mustBe(rejected.status === 200 ? { status: 200 } : { status: 400, id: 'InvalidModificationError' });
  const { json } = (await ledger.read(transfer.id)).mustBe({ status: 200 });
  const won = json.state === 'executed' ? fulfilled : rejected;
  if (won.status !== 200)
    throw new NotConforming(`${route}: the transfer is ${json.state}, and who did it was answered ${won.status}`);
  const after = cents(await ledger.balanceOf(ledger.payer)) + cents(await ledger.balanceOf(ledger.payee));
  if (after !== before)
    throw new NotConforming(
      `${route}: payer and payee had ${units(before)} together and have ${units(after)}; must be the same`,
    );
}
