import { afterEach, describe, expect, it } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { SpanQueue } from './span-queue.js';
import { headersIn, SpanSender, tracesUrlOf } from './span-sender.js';
import { Span } from './span.js';

const owner = { flagsOf: () => '01', ended: () => undefined };

function spanOf(name: string): Span {
  const span = new Span(owner, { kind: SpanKind.CLIENT, name, traceId: '10000000-0000-4000-8000-000000000000' });
  span.path = '/v1/receivers/26547070?x=1';
  span.requestBody = { paymentId: '10000000-0000-4000-8000-000000000000', memo: 'Lunch' };
  span.isOfPayment = true;
  span.end();
  return span;
}

describe('the queue of spans that are sent', () => {
  const batches: ReadableSpan[][] = [];
  const dones: ((result: ExportResult) => void)[] = [];
  const logged: object[] = [];
  let queue: SpanQueue | undefined;

  function senderOf(queueMax: number, answers?: ExportResultCode): SpanSender {
    const exporter = {
      export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => {
        batches.push(spans);
        for (const { attributes } of spans) seen.push(attributes);
        if (answers === undefined) dones.push(done);
        else done({ code: answers });
      },
      shutdown: async () => undefined,
    };
    return new SpanSender(exporter, { delayMs: 1, queueMax });
  }

  function queueOf(queueMax: number, answers?: ExportResultCode, sender = senderOf(queueMax, answers)): SpanQueue {
    const warn = (fields: object): void => void logged.push(fields);
    queue = new SpanQueue(sender, { queueMax, resource: resourceFromAttributes({}), warn });
    return queue;
  }
  const seen: object[] = [];

  afterEach(async () => {
    for (const done of dones.splice(0)) done({ code: ExportResultCode.SUCCESS });
    await queue?.close();
    for (const list of [batches, logged, seen]) list.length = 0;
  });

  it('sends with redacted path and bodies, and gives the bodies up', async () => {
    const span = spanOf('one');
    queueOf(10, ExportResultCode.SUCCESS).add(span);
    await queue!.close();
    expect(seen).toEqual([
      {
        'levelone.payment_id': '10000000-0000-4000-8000-000000000000',
        'url.path': '/v1/receivers/…',
        'levelone.request.body': '{"paymentId":"10000000-0000-4000-8000-000000000000","memo":"…"}',
      },
    ]);
    expect(queue!.counts).toEqual({ sent: 1, dropped: 0, failed: 0 });
    expect(span.requestBody).toBeUndefined();
  });

  it('drops and counts what it has no room for, while the collector does not answer', async () => {
    queueOf(4);
    // The first batch is taken at once, and its request does not end.
    for (let added = 0; added < 10; added += 1) queue!.add(spanOf(String(added)));
    expect(queue!.counts).toEqual({ sent: 0, dropped: 2, failed: 0 });
    expect(logged).toEqual([{ sent: 0, dropped: 1, failed: 0 }]);
  });

  it('shares its requests with the queues of other roles of its thread, and counts its own spans', async () => {
    const sender = senderOf(10, ExportResultCode.SUCCESS);
    const [one, other] = [queueOf(2, undefined, sender), queueOf(2, undefined, sender)];
    for (let added = 0; added < 3; added += 1) one.add(spanOf(String(added)));
    other.add(spanOf('other'));
    await other.close();
    expect(batches.map(({ length }) => length)).toEqual([3]);
    expect([one.counts, other.counts]).toEqual([
      { sent: 2, dropped: 1, failed: 0 },
      { sent: 1, dropped: 0, failed: 0 },
    ]);
  });

  it('counts what the collector refuses', async () => {
    queueOf(4, ExportResultCode.FAILED).add(spanOf('one'));
    await queue!.close();
    expect(queue!.counts).toEqual({ sent: 0, dropped: 0, failed: 1 });
    expect(logged).toHaveLength(1);
  });
});

describe('the collector', () => {
  const none = {
    otlpEndpoint: undefined,
    otlpTracesEndpoint: undefined,
    otlpHeaders: undefined,
    otelDisabled: false,
    traceRatio: 1,
    traceSendDelayMs: 1,
    traceQueueMax: 1,
    traceSlowMs: 0,
    traceBodies: false,
  };

  it('is reached below the endpoint, or at the whole URL for traces', () => {
    expect(tracesUrlOf(none)).toBeUndefined();
    expect(tracesUrlOf({ ...none, otlpEndpoint: 'http://c:4318/' })).toBe('http://c:4318/v1/traces');
    expect(tracesUrlOf({ ...none, otlpEndpoint: 'http://c:4318', otlpTracesEndpoint: 'http://d/x' })).toBe(
      'http://d/x',
    );
    expect(tracesUrlOf({ ...none, otlpEndpoint: 'http://c:4318', otelDisabled: true })).toBeUndefined();
  });

  it('gets the given headers', () => {
    expect(headersIn('Authorization=Basic%20abc==, x-team = a%2Cb')).toEqual({
      authorization: 'Basic abc==',
      'x-team': 'a,b',
    });
    expect(headersIn(undefined)).toEqual({});
  });
});
