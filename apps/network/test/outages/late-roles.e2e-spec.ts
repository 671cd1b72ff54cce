import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, FaultProxy, Faults, type Passage } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { demoSecrets } from '../../src/plan/secrets.js';
import type { DfspName } from '../../src/plan/topology.js';
import { LATEST_MS } from '../support/outcomes.js';
import { channelQuote, ERIN, FRANK } from '../support/quoting.js';
import { type Answer, freePortBase, TestNetwork } from '../support/test-network.js';

/** A role that hangs for longer than its DFSP waits, and then goes on with what it had begun. */
describe('a scheme adapter that hangs between quote and transfer and wakes up later', () => {
  const faults = new Faults();
  let network: TestNetwork;
  let proxy: FaultProxy;

  beforeAll(async () => {
    const port = await freePortBase();
    network = await TestNetwork.start({ SWEEP_INTERVAL_MS: '100', PAYMENT_GRACE_S: '0' }, [], demoSecrets(), {
      dfsp1: { SCHEME_ADAPTER_URL: `http://127.0.0.1:${port}/scheme/adapter/v1` },
    });
    const targetPort = Number(new URL(network.url('scheme-adapter', 'dfsp1')).port);
    proxy = await FaultProxy.start({ place: 'dfsp1/scheme-adapter', port, targetPort, faults });
  });
  afterEach(async () => {
    faults.clear();
    expect(await network.violations()).toEqual([]);
  });
  afterAll(async () => {
    await proxy?.close();
    await network?.close();
  });

  const sql = (dfsp: DfspName, text: string, values: unknown[]): Promise<unknown> =>
    network.running.role('dfsp-api', dfsp).app.get(DataSource, { strict: false }).query(text, values);
  const read = async (dfsp: DfspName, path: string): Promise<any> =>
    (await network.ask('dfsp-api', dfsp, `GET /v1/${path}`)).body;
  const transferOf = (paymentId: string): Promise<Answer> =>
    network.ask('dfsp-api', 'dfsp1', 'POST /v1/transfer', { body: { paymentId } });
  const everywhere = async (paymentId: string): Promise<unknown[]> => {
    const transfers = [null, 'dfsp1', 'dfsp2'] as const;
    return Promise.all(
      transfers.map(async (dfsp) => {
        const { body, status } = await network.transfer(dfsp, paymentId);
        return body?.state ?? status;
      }),
    );
  };
  const usedLimits = async (dfsp: DfspName, customer: string): Promise<unknown> =>
    sql(dfsp, 'SELECT status FROM limit_reservations WHERE subject = $1 ORDER BY status', [customer]);
  const untilState = (paymentId: string, state: string): Promise<void> =>
    eventually(async () => expect(await read('dfsp1', `payments/${paymentId}`)).toMatchObject({ state }), {
      timeoutMs: LATEST_MS,
      intervalMs: 50,
    });
  /** The adapter goes on with a request that never got an answer. */
  const wakeUp = ({ path, text }: Passage): Promise<Answer> =>
    network.ask('scheme-adapter', 'dfsp1', `POST ${path}`, { body: JSON.parse(text.slice(text.indexOf('{'))) });

  /** Pays a new quote through an adapter that hangs; answers the request that it has not handled. */
  async function hang(): Promise<{ paymentId: string; request: Passage }> {
    const { paymentId } = (await channelQuote(network)).body;
    const hung = faults.add({ hop: 'row-47', action: { do: 'cut', when: 'before' } });
    expect(await transferOf(paymentId)).toMatchObject({
      status: 502,
      body: { paymentId, message: expect.stringContaining(`still open; GET /v1/payments/${paymentId}`) },
    });
    expect(await read('dfsp1', `payments/${paymentId}`)).toMatchObject({ state: 'pending' });
    faults.clear();
    return { paymentId, request: hung.met[0]! };
  }

  it('sends nothing any more once the payment has failed; all sides agree', async () => {
    const before = await network.balances();
    const { paymentId, request } = await hang();
    await sql('dfsp1', `UPDATE outgoing_payments SET expires_at = now(), check_at = now() WHERE payment_id = $1`, [
      paymentId,
    ]);
    await untilState(paymentId, 'failed');
    const told = await read('dfsp1', `payments/${paymentId}`);
    expect(told.reason.message).toContain('no money has moved');

    const late = await wakeUp(request);
    expect(late.body.status).not.toBe('executed');
    expect(await everywhere(paymentId)).toEqual([404, 404, 404]);
    expect(await network.balances()).toEqual(before);
    expect(await transferOf(paymentId)).toMatchObject({ status: 422, body: { id: 'QuoteExpiredError', paymentId } });
    expect(await read('dfsp1', `payments/${paymentId}`)).toEqual(told);
    expect(await usedLimits('dfsp1', ERIN)).toEqual([{ status: 'released' }]);
    await sql('dfsp2', 'UPDATE quotes SET expires_at = now() WHERE payment_id = $1', [paymentId]);
    await eventually(
      async () => {
        for (const dfsp of ['dfsp1', 'dfsp2'] as const) {
          expect(await read(dfsp, `quotes/${paymentId}`)).toMatchObject({ status: 'expired' });
        }
      },
      { timeoutMs: LATEST_MS, intervalMs: 50 },
    );
  });

  it('still pays while the payment is open; all sides agree', async () => {
    const { paymentId, request } = await hang();
    expect((await wakeUp(request)).body).toMatchObject({ status: 'executed' });
    await untilState(paymentId, 'executed');
    expect(await everywhere(paymentId)).toEqual(['executed', 'executed', 'executed']);
    await eventually(
      async () => {
        for (const dfsp of ['dfsp1', 'dfsp2'] as const) {
          expect(await read(dfsp, `quotes/${paymentId}`)).toMatchObject({ status: 'used' });
          expect(await read(dfsp, `payments/${paymentId}`)).toMatchObject({ state: 'executed' });
        }
      },
      { timeoutMs: LATEST_MS, intervalMs: 50 },
    );
    expect(await usedLimits('dfsp2', FRANK)).toContainEqual({ status: 'confirmed' });
    expect(await transferOf(paymentId)).toMatchObject({ status: 200, body: { status: 'executed' } });
  });
});
