import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { notifiedInvoice, pay } from '../support/people.js';
import { channelQuote, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';
import { KIND, type ReceivedSpan, TraceReceiver } from '../support/trace-receiver.js';

const LATEST_MS = 60_000;
/** What both ends of a payment between the DFSPs do last. */
const LAST_HOPS = ['V.C', 'V.E', 'V.H'];

const hopOf = ({ attributes }: ReceivedSpan): string => String(attributes['levelone.hop']);

/** How often each hop is there. */
function counts(hops: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const hop of hops.toSorted()) counted[hop] = (counted[hop] ?? 0) + 1;
  return counted;
}

describe('traces of payments', () => {
  let receiver: TraceReceiver;
  let network: TestNetwork;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    network = await TestNetwork.start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      TRACE_BODIES: 'true',
    });
    const warmUp = await channelQuote(network, { amount: '1' });
    await transfer(network, (warmUp.body as { paymentId: string }).paymentId);
  });

  afterAll(async () => {
    await network.close();
    await receiver.close();
  });

  /** The spans of a payment, when every hop that was recorded is among them. */
  async function spansOf(paymentId: string): Promise<ReceivedSpan[]> {
    return eventually(
      () => {
        const recorded = network.hops(paymentId).map(({ hop }) => hop);
        expect(recorded).toEqual(expect.arrayContaining(LAST_HOPS));
        const spans = receiver.ofTrace(paymentId);
        const ofCallers = spans.filter(({ kind }) => kind === KIND.client || kind === KIND.consumer);
        const made = ofCallers.filter(({ attributes }) => attributes['levelone.hop'] !== undefined);
        expect(counts(made.map(hopOf))).toEqual(counts(recorded));
        // The answer to the last call may come before the called role has sent its span.
        const ids = new Set(spans.map(({ spanId }) => spanId));
        expect(spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId))).toEqual([]);
        const clients = spans.filter(({ kind }) => kind === KIND.client);
        const servers = new Set(spans.filter(({ kind }) => kind === KIND.server).map((span) => span.parentSpanId));
        expect(clients.filter(({ spanId }) => !servers.has(spanId))).toEqual([]);
        return spans;
      },
      { timeoutMs: LATEST_MS, intervalMs: 250 },
    );
  }

  /** Checks the parents of all spans of a payment, of which these requests of its channel are the roots. */
  function expectWhole(spans: readonly ReceivedSpan[], requests: readonly string[]): void {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const parentOf = ({ parentSpanId }: ReceivedSpan): ReceivedSpan | undefined => byId.get(parentSpanId ?? '');
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ name }) => name).toSorted()).toEqual(requests);
    const below = spans.filter((one) => !roots.includes(one)).map((span) => ({ span, parent: parentOf(span)! }));
    const of = (...kinds: number[]) => below.filter(({ span }) => kinds.includes(span.kind));

    const ends = ({ attributes }: ReceivedSpan) =>
      ['http.request.method', 'url.path', 'http.response.status_code'].map((name) => attributes[name]);
    expect(of(KIND.server).map(({ parent }) => [parent.kind, ...ends(parent)])).toEqual(
      of(KIND.server).map(({ span }) => [KIND.client, ...ends(span)]),
    );
    const called = of(KIND.server).map(({ parent }) => String(parent.attributes['levelone.peer']).split('/').at(-1));
    expect(called).toEqual(of(KIND.server).map(({ span }) => span.service.split('/')[1]));

    expect(of(KIND.consumer).map(({ parent }) => [parent.kind, parent.name])).toEqual(
      of(KIND.consumer).map(({ span }) => [KIND.producer, span.name]),
    );
    const senders = of(KIND.consumer).map(({ span, parent }) => {
      const [dfsp] = parent.service.split('/');
      return [span.attributes['levelone.peer'], dfsp === 'centre' ? 'central-ledger' : `${dfsp}/ledger-adapter`];
    });
    expect(senders.map(([named]) => named)).toEqual(senders.map(([, sender]) => sender));
    expect(new Set(of(KIND.producer).map(({ parent }) => parent.name))).toEqual(new Set(['ledger.batch']));
    const inside = of(KIND.producer, KIND.client, KIND.internal);
    expect(inside.map(({ parent }) => parent.service)).toEqual(inside.map(({ span }) => span.service));
    // One process has one clock.
    expect(below.filter(({ span, parent }) => span.startMs < parent.startMs - 1)).toEqual([]);
  }

  /** The path from a span up to its root, as hops and frames. */
  function wayTo(spans: readonly ReceivedSpan[], hop: string): string[] {
    const way: string[] = [];
    let span = spans.find((one) => hopOf(one) === hop && one.kind === KIND.client);
    while (span) {
      const { kind, parentSpanId } = span;
      if (kind === KIND.client || kind === KIND.consumer) way.unshift(hopOf(span));
      span = spans.find(({ spanId }) => spanId === parentSpanId);
    }
    return way;
  }

  it('a quoted payment is one tree for each request, through frames and ledgers, with every hop', async () => {
    const { body } = await channelQuote(network, { amount: '2' });
    const { paymentId } = body as { paymentId: string };
    // On a busy machine the answer may say that it is pending; every hop follows.
    expect(await transfer(network, paymentId)).toMatchObject({ status: 201 });
    const spans = await spansOf(paymentId);
    expectWhole(spans, ['POST /v1/quote', 'POST /v1/transfer']);
    expect(wayTo(spans, 'V.G')).toEqual(
      [
        'row-47',
        'row-47b',
        'P.D',
        'P.E',
        'P.F',
        'P.G1',
        'P.G2',
        'P.H',
        'P.I',
        'P.J',
        'V.A',
        'V.B',
        'V.C',
        'V.D',
      ].concat(['V.E', 'V.F', 'V.G']),
    );
    const ofHops = spans.filter(({ attributes }) => /^([SPVQ]\.|row-4)/.test(String(attributes['levelone.hop'])));
    expect(new Set(ofHops.map(({ attributes }) => attributes['levelone.payment_id']))).toEqual(new Set([paymentId]));
  });

  it('an invoice payment is one tree for each request, too', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network);
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    const begun = network.hops().find(({ hop }) => hop === 'P.A');
    const spans = await spansOf(begun!.traceId);
    expectWhole(spans, ['PUT /v1/invoiceNotifications/pay']);
    expect(wayTo(spans, 'row-34').slice(-3)).toEqual(['P.I', 'P.J', 'row-34']);
    expect(spans.filter(({ statusCode }) => statusCode === 2)).toEqual([]);
  });

  it('the roles name themselves, with the given headers, and no text of a body is in clear', async () => {
    const spans = await eventually(() => {
      expect(receiver.spans.length).toBeGreaterThan(100);
      return receiver.spans;
    });
    expect(receiver.resources).toContainEqual(
      expect.objectContaining({ 'service.name': 'central-ledger', 'service.namespace': 'centre' }),
    );
    const ids = new Set(receiver.resources.map((resource) => resource['service.instance.id']));
    expect(ids.size).toBe(new Set(spans.map(({ service }) => service)).size);
    expect(receiver.headers.every(({ authorization }) => authorization === 'Basic abc')).toBe(true);
    expect(spans.some(({ attributes }) => String(attributes['levelone.request.body']).includes('paymentId'))).toBe(
      true,
    );
    expect(spans.some(({ attributes }) => String(attributes['levelone.response.body']).includes('amount'))).toBe(true);
    const text = JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]));
    expect(text).not.toMatch(/alice|erin|frank|bob|Ames|Diaz|78956562|26547070|92806391|30754016/i);
    expect(text).not.toMatch(/"fulfillment\\":\\"[^…]|oCKA|AYIB|password\\":\\"[^…]/);
  });
});
