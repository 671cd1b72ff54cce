import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { FIVE_BELLS_BASES, FiveBellsLedger, inSeconds, secret, startLedgers } from '../support/five-bells-client.js';
import { TestNetwork } from '../support/test-network.js';

const answers = (status: number, id: string, message?: string) => ({
  status,
  body: { id, ...(message && { message }) },
});

describe('Five Bells transfers', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startLedgers();
  });

  afterAll(async () => {
    await network.close();
  });

  describe.each(FIVE_BELLS_BASES)('at the $role', ({ role, dfsp, path }) => {
    let ledger: FiveBellsLedger;
    let parties: readonly [string, string];
    let payer: string;
    let payee: string;

    beforeAll(async () => {
      ledger = new FiveBellsLedger(network.url(role, dfsp, path));
      parties = [await ledger.open(`payer-of-${role}`, '1000'), await ledger.open(`payee-of-${role}`)];
      [payer, payee] = parties;
    });

    const owner = (name: string) => `${name}:${name}`;

    it('N55, N56: an identical PUT is a replay, any other is refused as the state has it', async () => {
      const { id, body, answer, der, cc } = await ledger.prepare(parties);
      const same = [
        body,
        { ...body, state: 'executed', timeline: { executed_at: inSeconds(0) } },
        { ...body, execution_condition: cc },
        { ...body, id: id.toUpperCase() },
        { ...body, debits: [{ ...body.debits[0], amount: 1 }], credits: [{ ...body.credits[0], amount: '01.0' }] },
      ];
      for (const replay of same) expect(await ledger.put(id, replay)).toMatchObject({ status: 200, body: answer.body });
      const { expires_at: _expiry, execution_condition: _condition, ...bare } = body;
      const other = [
        { ...body, expires_at: inSeconds(90) },
        { ...body, debits: [{ ...body.debits[0], amount: '2' }], credits: [{ ...body.credits[0], amount: '2' }] },
        { ...body, credits: [{ ...body.credits[0], account: ledger.accountUri(payer) }] },
        { ...body, credits: [{ ...body.credits[0], memo: { added: true } }] },
        { ...body, execution_condition: secret().ni },
        { ...body, debits: [{ ...body.debits[0], authorized: false }] },
        bare,
      ];
      const refused = answers(400, 'InvalidModificationError', 'Transfer may not be modified in this way');
      for (const change of other) expect(await ledger.put(id, change)).toMatchObject(refused);
      await ledger.fulfil(id, der);
      for (const change of other) {
        expect(await ledger.put(id, change)).toMatchObject(
          answers(400, 'InvalidModificationError', 'Transfer may not be modified in this way'),
        );
      }
      expect(await ledger.put(id, body)).toMatchObject({ status: 200, body: { state: 'executed' } });
    });

    it('N57 to N59: ids are UUIDs in any case, and the body says the same one', async () => {
      const id = randomUUID();
      const body = ledger.transfer(id, parties);
      const notUuid = answers(400, 'InvalidUriParameterError', 'id is not a valid Uuid');
      for (const bad of ['123', `${id}0`, `x${id.slice(1)}`, id.replaceAll('-', '')]) {
        expect(await ledger.put(bad, body)).toMatchObject(notUuid);
        expect(await ledger.get(bad)).toMatchObject(notUuid);
        expect(await ledger.fulfil(bad, 'oAKAAA')).toMatchObject(notUuid);
        expect(await ledger.fulfillment(bad)).toMatchObject(notUuid);
        expect(await ledger.reject(bad, { message: 'no' })).toMatchObject(notUuid);
        expect(await ledger.ask(`GET /transfers/${bad}/state`)).toMatchObject(notUuid);
      }
      const wrong = [
        { ...body, id: randomUUID() },
        { ...body, debits: undefined },
        { ...body, credits: [] },
        { ...body, type: 'x' },
        'text',
        [],
      ];
      for (const one of wrong) {
        const headers = { 'content-type': 'application/json' };
        const answer = await ledger.ask(`PUT /transfers/${id}`, { body: one, headers });
        expect(answer).toMatchObject(answers(400, 'InvalidBodyError'));
      }
      expect(await ledger.get(id)).toMatchObject(answers(404, 'NotFoundError', 'Unknown transfer'));
      expect(await ledger.ask(`GET /transfers/${id}/state`)).toMatchObject(answers(404, 'NotFoundError'));
      const upper = await ledger.put(id.toUpperCase(), { ...body, id: undefined, ledger: undefined });
      expect(upper).toMatchObject({ status: 201, body: { id: `${ledger.base}/transfers/${id}`, ledger: ledger.base } });
      expect(await ledger.ask(`GET /transfers/${id}/state`, { auth: owner(payee) })).toMatchObject({
        status: 200,
        body: { id: upper.body.id, state: 'executed' },
      });
    });

    it('N60, N65: a proposal waits for the payer, holds nothing, and cannot be fulfilled', async () => {
      const before = await ledger.balance(payer);
      const debits = [{ account: payer, amount: '1.00' }];
      const { id, body, der, answer } = await ledger.prepare(parties, { debits });
      expect(answer.body).toMatchObject({ state: 'proposed', timeline: { proposed_at: expect.any(String) } });
      expect(answer.body.timeline).not.toHaveProperty('prepared_at');
      expect(await ledger.balance(payer)).toBe(before);
      expect(await ledger.fulfil(id, der)).toMatchObject(answers(400, 'InvalidModificationError'));
      const authorized = { ...body, debits: [{ ...debits[0], authorized: true }] };
      expect(await ledger.put(id, authorized, owner(payee))).toMatchObject(
        answers(403, 'UnauthorizedError', 'Invalid attempt to authorize debit'),
      );
      expect(await ledger.put(id, authorized, owner(payer))).toMatchObject({
        status: 200,
        body: { state: 'prepared' },
      });
      expect(Number(before) - Number(await ledger.balance(payer))).toBeCloseTo(1);
      await ledger.fulfil(id, der, owner(payee));
    });

    it('N71, N72: takes one debit and one credit of accounts that are here and open', async () => {
      const closed = await ledger.open(`closed-of-${role}`, '1', { is_disabled: true });
      const put = (changes: Record<string, unknown>) => {
        const id = randomUUID();
        return ledger.put(id, ledger.transfer(id, parties, changes));
      };
      const debit = { account: ledger.accountUri(payer), amount: '1.00', authorized: true };
      const credit = { account: ledger.accountUri(payee), amount: '1.00' };
      const refused = answers(422, 'UnprocessableEntityError');
      const half = { amount: '0.50' };
      const notAllowed = [
        {
          debits: [
            { ...debit, ...half },
            { ...debit, ...half },
          ],
        },
        {
          credits: [
            { ...credit, ...half },
            { ...credit, ...half },
          ],
        },
        { debits: [{ ...debit, account: ledger.accountUri('nobody') }] },
        { credits: [{ ...credit, account: ledger.accountUri('nobody') }] },
        { credits: [{ ...credit, account: 'http://other.example/accounts/bob' }] },
        { debits: [{ ...debit, account: ledger.accountUri(closed) }] },
        { credits: [{ ...credit, account: ledger.accountUri(closed) }] },
        { credits: [{ ...credit, amount: '1.01' }] },
        { execution_condition: secret().ni },
      ];
      for (const changes of notAllowed) expect(await put(changes)).toMatchObject(refused);
      expect(await put({ credits: [{ ...credit, account: ledger.accountUri('nobody') }] })).toMatchObject({
        body: { message: expect.stringMatching(/^Account `.*nobody` does not exist$/) },
      });
      expect(await put({ ledger: 'http://other.example' })).toMatchObject(
        answers(400, 'InvalidBodyError', 'Transfer contains incorrect ledger URI'),
      );
      expect(await put({ execution_condition: secret().ni, expires_at: inSeconds(-1) })).toMatchObject(
        answers(422, 'ExpiredTransferError', 'Cannot modify transfer after expires_at date'),
      );
    });

    it('N73 to N75: spends nothing twice, and gives back what was held', async () => {
      const poor = await ledger.open(`poor-of-${role}`, '1.50');
      const first = await ledger.prepare([poor, payee]);
      expect(await ledger.balance(poor)).toBe('0.50');
      const id = randomUUID();
      expect(await ledger.put(id, ledger.transfer(id, [poor, payee]))).toMatchObject(
        answers(422, 'InsufficientFundsError', 'Sender has insufficient funds.'),
      );
      expect(await ledger.get(id)).toMatchObject({ status: 404 });
      await ledger.reject(first.id, { message: 'no' });
      expect(await ledger.balance(poor)).toBe('1.50');
      await ledger.prepare([poor, payee], { expires_at: inSeconds(0.8) });
      expect(await ledger.balance(poor)).toBe('0.50');
      await eventually(async () => expect(await ledger.balance(poor)).toBe('1.50'), { timeoutMs: 60_000 });
    });

    it('N76: knows who may do what', async () => {
      const stranger = await ledger.open(`stranger-of-${role}`);
      const id = randomUUID();
      const body = ledger.transfer(id, parties);
      expect(await ledger.put(id, body, null)).toMatchObject(answers(401, 'Unauthorized', 'Unauthorized'));
      expect(await ledger.put(id, body, `${payer}:wrong`)).toMatchObject(answers(401, 'Unauthorized'));
      expect(await ledger.put('123', 'Not a valid request', null)).toMatchObject({ status: 401 });
      expect(await ledger.put(id, body, owner(stranger))).toMatchObject({
        status: 403,
        body: { id: 'UnauthorizedError' },
      });
      expect(await ledger.put(id, body, owner(payee))).toMatchObject(
        answers(403, 'UnauthorizedError', 'Invalid attempt to authorize debit'),
      );
      expect(await ledger.get(id, null)).toMatchObject({ status: 401 });
      expect(await ledger.put(id, body, owner(payer))).toMatchObject({ status: 201 });
      expect(await ledger.get(id, owner(payee))).toMatchObject({ status: 200, body: { state: 'executed' } });
      // A10: what others pay each other is nobody else's to read.
      expect(await ledger.get(id, owner(stranger))).toMatchObject(answers(404, 'NotFoundError', 'Unknown transfer'));
    });

    it('A16: a proposal without a condition is rejected by the owner of its credit', async () => {
      const id = randomUUID();
      const body = ledger.transfer(id, parties, { debits: [{ account: payer, amount: '1.00' }] });
      expect(await ledger.put(id, body, owner(payer))).toMatchObject({ status: 201, body: { state: 'proposed' } });
      expect(await ledger.reject(id, { message: 'no' }, owner(payee))).toMatchObject({
        status: 200,
        body: { state: 'rejected', rejection_reason: 'no' },
      });
    });

    it('F7: other content under a known id is a duplicate, open or final, and moves nothing', async () => {
      const prepared = await ledger.prepare(parties);
      const executed = await ledger.prepare(parties);
      await ledger.fulfil(executed.id, executed.der);
      const rejected = await ledger.prepare(parties);
      await ledger.reject(rejected.id, { message: 'no' });
      const expired = await ledger.prepare(parties, { expires_at: inSeconds(3) });
      const proposed = await ledger.prepare(parties, { debits: [{ account: payer, amount: '1.00' }] });
      const known = { prepared, executed, rejected, expired, proposed };
      await eventually(async () => expect((await ledger.get(expired.id)).body.state).toBe('rejected'), {
        timeoutMs: 60_000,
      });
      const [before, states] = [await ledger.balance(payer), await statesOf(Object.values(known))];
      const twice = {
        debits: [{ account: payer, amount: '2', authorized: true }],
        credits: [{ account: payee, amount: '2' }],
      };
      const back = {
        debits: [{ account: payee, amount: '1.00', authorized: true }],
        credits: [{ account: payer, amount: '1.00' }],
      };
      for (const [state, { id, body }] of Object.entries(known)) {
        for (const change of [twice, { execution_condition: secret().ni }, { expires_at: inSeconds(90) }]) {
          const answer = await ledger.put(id, { ...body, ...change }, owner(payer));
          expect([state, change, answer]).toMatchObject([state, change, answers(400, 'InvalidModificationError')]);
        }
        expect([state, await ledger.put(id, { ...body, ...back }, owner(payee))]).toMatchObject([
          state,
          answers(400, 'InvalidModificationError'),
        ]);
      }
      expect(await ledger.balance(payer)).toBe(before);
      expect(await statesOf(Object.values(known))).toEqual(states);
    });

    const statesOf = (known: { id: string }[]) =>
      Promise.all(known.map(async ({ id }) => (await ledger.get(id)).body.state));

    it('F7: a conditional proposal is rejected by the owner of its credit, and by nobody else', async () => {
      const before = await ledger.balance(payer);
      const { id, body } = await ledger.prepare(parties, { debits: [{ account: payer, amount: '1.00' }] });
      expect(await ledger.reject(id, { message: 'no' }, owner(payer))).toMatchObject({ status: 403 });
      expect(await ledger.reject(id, { message: 'no' }, owner(payee))).toMatchObject({
        status: 200,
        body: { state: 'rejected', credits: [{ rejected: true }] },
      });
      const authorized = { ...body, debits: [{ account: payer, amount: '1.00', authorized: true }] };
      expect(await ledger.put(id, authorized, owner(payer))).toMatchObject(answers(400, 'InvalidModificationError'));
      expect(await ledger.balance(payer)).toBe(before);
    });

    it('F7: a proposal ends at its time', async () => {
      const debits = [{ account: payer, amount: '1.00' }];
      const { id, body } = await ledger.prepare(parties, { debits, expires_at: inSeconds(3) });
      await eventually(
        async () =>
          expect((await ledger.get(id)).body).toMatchObject({ state: 'rejected', rejection_reason: 'expired' }),
        { timeoutMs: 60_000 },
      );
      const authorized = { ...body, debits: [{ ...debits[0], authorized: true }] };
      expect(await ledger.put(id, authorized, owner(payer))).toMatchObject({ status: 400 });
    });

    it('F7: leaves null members out of its answers, whatever the state', async () => {
      const id = randomUUID();
      const bodies = [(await ledger.put(id, ledger.transfer(id, parties))).body, (await ledger.get(id)).body];
      const debits = [{ account: payer, amount: '1.00' }];
      for (const changes of [{}, { debits }]) {
        const open = await ledger.prepare(parties, changes);
        bodies.push(open.answer.body, (await ledger.reject(open.id, { message: 'no' })).body);
        bodies.push((await ledger.get(open.id)).body, (await ledger.ask(`GET /transfers/${open.id}/state`)).body);
      }
      for (const body of bodies) expect(JSON.stringify(body)).not.toContain(':null');
      // What is not there may be said to be null in a question.
      const nulls = { rejection_reason: null, cancellation_condition: null, additional_info: null };
      expect((await ledger.put(id, ledger.transfer(id, parties, nulls))).status).toBe(200);
    });
  });
});
