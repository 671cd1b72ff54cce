import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { channelQuote, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';
import { KIND, type ReceivedSpan, TraceReceiver } from '../support/trace-receiver.js';

const LATEST_MS = 60_000;

describe('traces of payments', () => {
  let receiver: TraceReceiver;
  let network: TestNetwork;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    network = await TestNetwork.start({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '50' });
  });

  afterAll(async () => {
    await network.close();
    await receiver.close();
  });

  /** The spans of a payment, when they tell of all of these hops on both ends. */
  async function spansOf(paymentId: string, hops: readonly string[]): Promise<ReceivedSpan[]> {
    return eventually(
      () => {
        const spans = receiver.ofTrace(paymentId);
        const seen = new Set(spans.map(({ attributes }) => attributes['levelone.hop']));
        expect(hops.filter((hop) => !seen.has(hop))).toEqual([]);
        return spans;
      },
      { timeoutMs: LATEST_MS, intervalMs: 100 },
    );
  }

  it('every server span of a quoted payment has its client span as parent', async () => {
    const { body } = await channelQuote(network, { amount: '2' });
    const { paymentId } = body as { paymentId: string };
    expect(await transfer(network, paymentId)).toMatchObject({ status: 201, body: { status: 'executed' } });
    const spans = await spansOf(paymentId, ['Q.1', 'row-44', 'Q.2', 'row-47', 'row-47b', 'P.D', 'P.E', 'V.F', 'V.G']);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const servers = spans.filter(({ kind }) => kind === KIND.server);
    const roots = servers.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ name }) => name).toSorted()).toEqual(['POST /v1/quote', 'POST /v1/transfer']);
    for (const server of servers.filter((one) => !roots.includes(one))) {
      const client = byId.get(server.parentSpanId!);
      expect(client).toMatchObject({ kind: KIND.client, attributes: { 'url.path': server.attributes['url.path'] } });
    }
  });
});
