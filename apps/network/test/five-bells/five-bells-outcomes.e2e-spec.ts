import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { FIVE_BELLS_BASES, FiveBellsLedger, inSeconds, secret, startLedgers } from '../support/five-bells-client.js';
import { TestNetwork } from '../support/test-network.js';

const answers = (status: number, id: string, message?: string) => ({
  status,
  body: { id, ...(message && { message }) },
});

describe('How Five Bells transfers end', () => {
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
      parties = [await ledger.open(`payer-end-${role}`, '1000'), await ledger.open(`payee-end-${role}`)];
      [payer, payee] = parties;
    });

    const owner = (name: string) => `${name}:${name}`;

    /** One of each kind of transfer; none is open to a fulfillment of somebody else's secret. */
    async function oneOfEach() {
      const unconditional = randomUUID();
      await ledger.put(unconditional, ledger.transfer(unconditional, parties));
      const prepared = await ledger.prepare(parties);
      const executed = await ledger.prepare(parties);
      await ledger.fulfil(executed.id, executed.der);
      const rejected = await ledger.prepare(parties);
      await ledger.reject(rejected.id, { message: 'no' });
      const expired = await ledger.prepare(parties, { expires_at: inSeconds(0.8) });
      const proposed = await ledger.prepare(parties, {
        debits: [{ account: ledger.accountUri(payer), amount: '1.00' }],
      });
      await eventually(async () => expect((await ledger.get(expired.id)).body.state).toBe('rejected'), {
        timeoutMs: 60_000,
      });
      return { unconditional, prepared, executed, rejected, expired, proposed };
    }

    it('N61 to N67: fulfills in the order of checks', async () => {
      const { unconditional, prepared, executed, rejected, expired, proposed } = await oneOfEach();
      const unmet = answers(422, 'UnmetConditionError', 'Fulfillment does not match any condition');
      const [garbage, stranger] = ['garbage', secret().der];
      const order: [string, string, object][] = [
        [randomUUID(), garbage, answers(404, 'NotFoundError', 'Unknown transfer')],
        [unconditional, stranger, answers(422, 'TransferNotConditionalError', 'Transfer is not conditional')],
        ...[prepared, executed, rejected, expired, proposed].map(({ id }): [string, string, object] => [
          id,
          stranger,
          unmet,
        ]),
        [executed.id, executed.cf, { status: 200, text: executed.der }],
        [
          rejected.id,
          rejected.der,
          answers(400, 'InvalidModificationError', 'Transfers in state rejected may not be executed'),
        ],
        [expired.id, expired.der, answers(422, 'ExpiredTransferError', 'Cannot modify transfer after expires_at date')],
        [proposed.id, proposed.der, answers(400, 'InvalidModificationError')],
        [prepared.id, prepared.der, { status: 200, text: prepared.der }],
        [prepared.id, prepared.der, { status: 200, text: prepared.der }],
      ];
      for (const [id, fulfillment, expected] of order) {
        expect(await ledger.fulfil(id, fulfillment)).toMatchObject(expected);
      }
      for (const id of [unconditional, prepared.id, executed.id, rejected.id, expired.id, proposed.id]) {
        for (const text of [garbage, '', 'oCKAI', 'cf:0', '💰']) {
          const answer = await ledger.fulfil(id, text);
          expect(answer).toMatchObject(answers(400, 'InvalidBodyError'));
          expect(answer.body.message).toMatch(/^Invalid fulfillment: /);
        }
      }
      expect(await ledger.fulfil(executed.id, executed.der, null)).toMatchObject(answers(401, 'Unauthorized'));
      expect((await ledger.fulfil(executed.id, executed.der)).headers.get('content-type')).toMatch(/^text\/plain/);
    });

    it('N68: says why there is no fulfillment', async () => {
      const { unconditional, prepared, executed, rejected, expired, proposed } = await oneOfEach();
      const missing = answers(404, 'MissingFulfillmentError', 'This transfer has not yet been fulfilled');
      const expectations: [string, object][] = [
        [randomUUID(), answers(404, 'TransferNotFoundError', 'This transfer does not exist')],
        [prepared.id, missing],
        [proposed.id, missing],
        [expired.id, answers(404, 'MissingFulfillmentError', 'This transfer expired before it was fulfilled')],
        [rejected.id, answers(422, 'AlreadyRolledBackError', 'This transfer has already been rejected')],
        [unconditional, answers(422, 'TransferNotConditionalError', 'Transfer is not conditional')],
        [executed.id, { status: 200, text: executed.der }],
      ];
      for (const [id, expected] of expectations) expect(await ledger.fulfillment(id)).toMatchObject(expected);
      expect(await ledger.fulfillment(executed.id, null)).toMatchObject({ status: 401 });
      await ledger.fulfil(prepared.id, prepared.der);
    });

    it('N69: rejects for the payee, once, with a text or an object', async () => {
      const { unconditional, prepared, executed, rejected, expired, proposed } = await oneOfEach();
      const no = { code: 'F99', name: 'Application Error', message: 'nein, danke 🙅', triggered_by: 'levelone.x' };
      expect(await ledger.reject(prepared.id, no, owner(payer))).toMatchObject(
        answers(403, 'UnauthorizedError', 'Invalid attempt to reject credit'),
      );
      expect(await ledger.reject(prepared.id, no, null)).toMatchObject({ status: 401 });
      expect(await ledger.reject(randomUUID(), no)).toMatchObject(answers(404, 'NotFoundError', 'Unknown transfer'));
      expect(await ledger.reject(unconditional, no)).toMatchObject(answers(422, 'TransferNotConditionalError'));
      expect(await ledger.reject(executed.id, no)).toMatchObject(
        answers(400, 'InvalidModificationError', 'Transfers in state executed may not be rejected'),
      );
      const answer = await ledger.reject(prepared.id, no, owner(payee));
      expect(answer).toMatchObject({
        status: 200,
        body: {
          state: 'rejected',
          rejection_reason: no.message,
          credits: [{ rejected: true, rejection_message: no }],
          timeline: { rejected_at: expect.any(String) },
        },
      });
      expect(await ledger.reject(prepared.id, { ...no, message: 'again' }, owner(payee))).toMatchObject({
        status: 200,
        body: answer.body,
      });
      for (const { id } of [rejected, expired]) {
        expect(await ledger.reject(id, no)).toMatchObject({ status: 200, body: { state: 'rejected' } });
      }
      const text = { body: 'no more', headers: { 'content-type': 'text/plain' }, auth: owner(payee) };
      expect(await ledger.ask(`PUT /transfers/${proposed.id}/rejection`, text)).toMatchObject({
        status: 200,
        body: { rejection_reason: 'no more', credits: [{ rejected: true, rejection_message: { message: 'no more' } }] },
      });
    });

    it('rejects by a PUT that says so, for the payee', async () => {
      const { id, body } = await ledger.prepare(parties);
      const reason = {
        code: 'F00',
        name: 'Bad Request',
        message: 'no',
        triggered_by: 'levelone.x',
        additional_info: {},
      };
      const rejected = { ...body, credits: [{ ...body.credits[0], rejected: true, rejection_message: reason }] };
      expect(await ledger.put(id, rejected, owner(payer))).toMatchObject(
        answers(403, 'UnauthorizedError', 'Invalid attempt to reject credit'),
      );
      const expected = { state: 'rejected', credits: [{ rejected: true, rejection_message: reason }] };
      expect(await ledger.put(id, rejected, owner(payee))).toMatchObject({ status: 200, body: expected });
      expect(await ledger.put(id, rejected, owner(payee))).toMatchObject({ status: 200, body: expected });
    });

    it('finishes what was prepared before an account was closed', async () => {
      const closing = await ledger.open(`closing-end-${role}`);
      const { id, der } = await ledger.prepare([payer, closing]);
      await ledger.ask(`PUT /accounts/${closing}`, { body: { name: closing, is_disabled: true } });
      expect(await ledger.fulfil(id, der)).toMatchObject({ status: 200 });
      expect(await ledger.balance(closing)).toBe('101.00');
    });

    it.each(['text/plain; charset=utf-8', 'application/x-www-form-urlencoded', 'application/octet-stream'])(
      'reads a fulfillment as the text it is, sent as %s',
      async (type) => {
        const { id, der } = await ledger.prepare(parties);
        const sent = { body: der, headers: { 'content-type': type } };
        expect(await ledger.ask(`PUT /transfers/${id}/fulfillment`, sent)).toMatchObject({ status: 200, text: der });
      },
    );

    it('N77, N78: takes both spellings of a condition, and a fulfillment in either', async () => {
      for (const condition of ['ni', 'cc'] as const) {
        for (const fulfillment of ['der', 'cf'] as const) {
          const both = secret();
          const { id, answer } = await ledger.prepare(parties, { execution_condition: both[condition] });
          expect(answer.body.execution_condition).toBe(both[condition]);
          expect(await ledger.fulfil(id, both[fulfillment])).toMatchObject({ status: 200, text: both[fulfillment] });
          expect(await ledger.fulfillment(id)).toMatchObject({ status: 200, text: both[fulfillment] });
        }
      }
      const { ni, cc } = secret();
      const put = (condition: unknown) => {
        const id = randomUUID();
        const body = { execution_condition: condition, expires_at: inSeconds(60) };
        return ledger.put(id, ledger.transfer(id, parties, body));
      };
      for (const malformed of ['x', ni.replace('?', 'A?'), ni.replace('sha-256;', 'sha-256;A'), `${cc}:1`, 7, {}, '']) {
        expect(await put(malformed)).toMatchObject(answers(400, 'InvalidBodyError'));
      }
      const hash = cc.split(':')[3];
      for (const unsupported of [
        ni.replace('fpt=preimage', 'fpt=threshold'),
        `ni:///sha-512;${'A'.repeat(86)}?fpt=preimage-sha-256&cost=32`,
        `cc:4:20:${hash}:96`,
        `cc:2:2b:${hash}:146`,
      ]) {
        expect(await put(unsupported)).toMatchObject(answers(422, 'UnsupportedCryptoConditionError'));
      }
    });
  });
});
