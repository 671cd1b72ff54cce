import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, openTestDataSource } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { TestConsole } from '../console.fixture.js';
import { exported } from './made-spans.fixture.js';
import { SPANS_BYTES_MAX } from './spans.controller.js';
import type { ShownSpanDto } from '../shared/span.dto.js';
import { SpansRetention } from './spans.retention.js';
import { PENDING_SPANS_MAX, SpansService } from './spans.service.js';

describe('spans that roles send', () => {
  let console: TestConsole;
  let database: DataSource;

  beforeAll(async () => {
    console = await TestConsole.open({ spansKeptDays: 7, spansMax: 1_000 });
    database = await openTestDataSource(console.database, { schema: 'console' });
  });

  afterAll(async () => {
    await database?.destroy();
    await console?.close();
  });

  const send = (body: unknown, headers = {}) => console.ask('POST /v1/traces', { body, headers });
  const service = () => console.running.app.get(SpansService, { strict: false });
  const spansOf = (paymentId: string) => service().spansOfPayment(paymentId);

  it('are kept once, however often they come, with what they say', async () => {
    const paymentId = randomUUID();
    const body = exported({
      paymentId,
      spanId: '00f067aa0ba902b7',
      parentSpanId: '00f067aa0ba902b6',
      durationMs: 12.5,
    });
    for (let times = 0; times < 2; times++) {
      expect((await send(body)).body).toEqual({ partialSuccess: { rejectedSpans: '0', errorMessage: '' } });
    }
    expect(await spansOf(paymentId)).toEqual([
      {
        traceId: paymentId.replaceAll('-', ''),
        spanId: '00f067aa0ba902b7',
        parentId: '00f067aa0ba902b6',
        paymentId,
        hop: 'P.D',
        kind: 'client',
        role: 'spsp-client',
        dfsp: 'dfsp1',
        instance: 'one',
        version: '0.1.0',
        peer: 'dfsp1/ledger-adapter',
        name: 'P.D',
        method: 'PUT',
        path: `/ilp/ledger/v1/transfers/${paymentId}`,
        status: 201,
        frame: null,
        startMs: 1_790_000_000_000,
        durationMs: 12.5,
        requestBody: null,
        responseBody: null,
        error: null,
      },
    ]);
  });

  it('are kept in the order of their starts, with the centre as no DFSP, and with their errors', async () => {
    const paymentId = randomUUID();
    await send(
      exported(
        { paymentId, startMs: 1_790_000_000_002.5, role: 'central-ledger', dfsp: 'centre', error: 'timed out' },
        { paymentId, startMs: 1_790_000_000_001.25 },
      ),
    );
    expect(await spansOf(paymentId)).toMatchObject([
      { startMs: 1_790_000_000_001.25, dfsp: 'dfsp1', error: null },
      { startMs: 1_790_000_000_002.5, dfsp: null, role: 'central-ledger', error: 'timed out' },
    ]);
  });

  it('have of bodies only what may be shown', async () => {
    const paymentId = randomUUID();
    const body = {
      id: paymentId,
      debits: [{ account: 'a', amount: '1.00', memo: { senderIdentifier: '78956562' } }],
      fulfillment: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
      password: 'hunter2',
      name: 'Alice Ames',
    };
    await send(
      exported({
        paymentId,
        attributes: {
          'levelone.request.body': JSON.stringify(body),
          'levelone.response.body': 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
        },
      }),
    );
    const [span] = await spansOf(paymentId);
    expect(JSON.parse(span!.requestBody!)).toEqual({
      id: paymentId,
      debits: [{ account: '…', amount: '1.00', memo: { senderIdentifier: '…' } }],
      fulfillment: '…',
      password: '…',
      name: '…',
    });
    expect(span!.responseBody).toBe('"…"');
  });

  it('are refused without ids, times or a role, and the others of the request are kept', async () => {
    const [good, ...bad] = Array.from({ length: 3 }, () => randomUUID());
    const answer = await send(
      exported(
        { paymentId: good! },
        { paymentId: bad[0]!, spanId: 'short' },
        { paymentId: bad[1]!, role: 'a role with spaces' },
      ),
    );
    expect(answer.status).toBe(200);
    expect(answer.body.partialSuccess.rejectedSpans).toBe('2');
    expect(await spansOf(good!)).toHaveLength(1);
    expect(await spansOf(bad[0]!)).toHaveLength(0);
    expect((await send({ spans: [] })).body).toMatchObject({ id: 'InvalidBodyError' });
    expect((await send([])).status).toBe(400);
  });

  it('are kept where a text is cut within a character, and where a member is no text', async () => {
    const paymentId = randomUUID();
    const long = `${'x'.repeat(127)}😀`;
    const odd = exported({ paymentId, name: long, error: long, attributes: { 'levelone.peer': long } }) as any;
    const [{ scopeSpans }] = odd.resourceSpans;
    const [{ spans }] = scopeSpans;
    const objects = { ...spans[0], spanId: '00f067aa0ba902c1', name: {}, kind: [], parentSpanId: {} };
    objects.attributes = [...spans[0].attributes, { key: {}, value: { stringValue: {} } }];
    objects.attributes.push({ key: 'http.response.status_code', value: { stringValue: {} } });
    spans.push(objects, { ...objects, traceId: {} }, { ...objects, startTimeUnixNano: {} });
    expect((await send(odd)).body.partialSuccess.rejectedSpans).toBe('2');
    const cut = 'x'.repeat(127);
    expect(await spansOf(paymentId)).toMatchObject([
      { name: cut, error: cut, peer: cut },
      { name: '', kind: 'internal', status: null },
    ]);
  });

  it('are refused above 4 MiB, compressed, or as protobuf', async () => {
    const large = { resourceSpans: [], padding: 'x'.repeat(SPANS_BYTES_MAX) };
    expect((await send(large)).body).toMatchObject({ id: 'PayloadTooLargeError' });
    expect((await send({ resourceSpans: [], padding: 'x'.repeat(SPANS_BYTES_MAX - 100) })).status).toBe(200);
    expect((await send({ resourceSpans: [] }, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await send('x', { 'content-type': 'application/x-protobuf' })).status).toBe(415);
  });

  it('wait while others are written, and are refused only when more wait than there is room for', async () => {
    const [kept, refused] = [randomUUID(), randomUUID()];
    await send(exported({ paymentId: kept }));
    const [span] = await spansOf(kept);
    const lock = database.createQueryRunner();
    await lock.startTransaction();
    await lock.query('LOCK TABLE spans IN EXCLUSIVE MODE');
    const waiting = Array.from({ length: 60 }, () => send(exported({ paymentId: kept })));
    await eventually(() => expect(service().pending).toBe(60));
    const last = service().addSpans(Array<ShownSpanDto>(PENDING_SPANS_MAX - 60).fill(span!));
    const { status, headers, body } = await send(exported({ paymentId: refused }));
    expect([status, body.id, headers['retry-after']]).toEqual([503, 'ServiceUnavailableError', '1']);
    await lock.rollbackTransaction();
    await lock.release();
    expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual(Array(60).fill(200));
    await last;
    expect(await spansOf(kept)).toHaveLength(61);
    expect(await spansOf(refused)).toHaveLength(0);
    expect(service().pending).toBe(0);
  });

  it('are refused without credentials outside the demo', async () => {
    const settings = { demoNetwork: false, traceCredentials: 'collector:the-secret-of-the-collector' };
    const other = await console.another(settings);
    const body = exported({ paymentId: randomUUID() });
    const as = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
    const status = async (headers: object) => (await console.ask('POST /v1/traces', { body, headers }, other)).status;
    expect(await status({})).toBe(401);
    expect(await status(as('collector:wrong'))).toBe(401);
    expect(await status(as(settings.traceCredentials))).toBe(200);
    await other.close();
  });

  it('are deleted when they are old, and the oldest when they are too many', async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    const day = 24 * 60 * 60 * 1_000;
    await send(exported({ paymentId: old, startMs: Date.now() - 8 * day }, { paymentId: fresh, startMs: Date.now() }));
    const retention = console.running.app.get(SpansRetention, { strict: false });
    expect(await retention.deleteOld(5_000)).toBeGreaterThan(0);
    expect(await spansOf(old)).toHaveLength(0);
    expect(await spansOf(fresh)).toHaveLength(1);
    const many = Array.from({ length: 1_000 }, () => ({ paymentId: randomUUID(), startMs: Date.now() }));
    await send(exported(...many));
    await retention.deleteOld(5_000);
    const [{ count }] = await database.query<[{ count: string }]>('SELECT count(*) FROM spans');
    expect(Number(count)).toBe(1_000);
    expect(await spansOf(fresh)).toHaveLength(0);
  });
});
