import { cutText } from '@level-one/errors';
import { shownBody, shownPath } from '@level-one/platform';
import type { ShownSpanDto } from '../shared/span.dto.js';

/** Spans of one request. */
const SPANS_MAX = 10_000;
const NAME_LENGTH_MAX = 128;
const PATH_LENGTH_MAX = 512;
const BODY_LENGTH_MAX = 16 * 1024;
const HEX_32 = /^[0-9a-f]{32}$/;
const HEX_16 = /^[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DIGITS = /^\d{1,20}$/;
/** Status code of a span that failed. */
const FAILED = 2;
const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

/** What is read of a request by OTLP/HTTP in JSON. */
export interface ReadSpans {
  spans: ShownSpanDto[];
  /** Spans without the form that OTLP gives them, and those above the limit. */
  rejected: number;
}

type Json = Record<string, unknown>;
type SpanPlace = Pick<ShownSpanDto, 'role' | 'dfsp' | 'instance' | 'version'>;
type Attributes = ReadonlyMap<string, unknown>;

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((one): one is Json => typeof one === 'object' && one !== null) : [];
}

/** A text or a number as text; nothing for what is neither. */
function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function attributesOf(value: unknown): Attributes {
  return new Map(
    listOf(value).map(({ key, value: given }) => {
      const { stringValue, intValue, doubleValue, boolValue } = (given ?? {}) as Json;
      return [textIn(key), stringValue ?? intValue ?? doubleValue ?? boolValue];
    }),
  );
}

function textOf(attributes: Attributes, name: string, lengthMax = NAME_LENGTH_MAX): string | null {
  const value = attributes.get(name);
  return typeof value === 'string' && value !== '' ? cutText(value, lengthMax) : null;
}

function bodyOf(attributes: Attributes, name: string): string | null {
  const text = attributes.get(name);
  if (typeof text !== 'string' || text === '') return null;
  // The sender has an allow-list too; a foreign one may have another.
  return shownBody(text.length > BODY_LENGTH_MAX ? '' : text);
}

function pathOf(attributes: Attributes): string | null {
  const path = textOf(attributes, 'url.path', PATH_LENGTH_MAX);
  return path === null ? null : shownPath(path);
}

function statusOf(attributes: Attributes): number | null {
  const status = Number(textIn(attributes.get('http.response.status_code')) || NaN);
  return Number.isInteger(status) && status >= 0 && status <= 999 ? status : null;
}

/** Unix time in ms of a time in ns. Undefined if it is none. */
function millisecondsOf(nanoseconds: unknown): number | undefined {
  const text = textIn(nanoseconds);
  return DIGITS.test(text) ? Number(BigInt(text) / 1_000n) / 1_000 : undefined;
}

function errorOf({ status }: Json): string | null {
  const { code, message } = (status ?? {}) as Json;
  if (code !== FAILED && code !== 'STATUS_CODE_ERROR') return null;
  return typeof message === 'string' && message !== '' ? cutText(message, NAME_LENGTH_MAX) : 'failed';
}

function paymentOf(attributes: Attributes): string | null {
  const id = textOf(attributes, 'levelone.payment_id')?.toLowerCase();
  return id !== undefined && UUID.test(id) ? id : null;
}

/** The role and the DFSP that a resource names; undefined if it is none of the network's. */
function placeOf(resource: unknown): SpanPlace | undefined {
  const attributes = attributesOf((resource as Json | undefined)?.['attributes']);
  const role = textOf(attributes, 'service.name');
  if (role === null || !/^[\w-]{1,40}$/.test(role)) return undefined;
  const dfsp = textOf(attributes, 'service.namespace');
  return {
    role,
    dfsp: dfsp === 'centre' ? null : dfsp,
    instance: textOf(attributes, 'service.instance.id'),
    version: textOf(attributes, 'service.version'),
  };
}

function spanOf(span: Json, place: SpanPlace): ShownSpanDto | undefined {
  const traceId = textIn(span['traceId']).toLowerCase();
  const spanId = textIn(span['spanId']).toLowerCase();
  const parentId = textIn(span['parentSpanId']).toLowerCase();
  const startMs = millisecondsOf(span['startTimeUnixNano']);
  const endMs = millisecondsOf(span['endTimeUnixNano']);
  if (!HEX_32.test(traceId) || !HEX_16.test(spanId) || startMs === undefined || endMs === undefined) return undefined;
  const attributes = attributesOf(span['attributes']);
  return {
    traceId,
    spanId,
    parentId: HEX_16.test(parentId) ? parentId : null,
    paymentId: paymentOf(attributes),
    hop: textOf(attributes, 'levelone.hop'),
    kind: KINDS[Number(textIn(span['kind']) || NaN)] ?? 'internal',
    ...place,
    peer: textOf(attributes, 'levelone.peer'),
    name: cutText(textIn(span['name']), NAME_LENGTH_MAX),
    method: textOf(attributes, 'http.request.method'),
    path: pathOf(attributes),
    status: statusOf(attributes),
    frame: textOf(attributes, 'levelone.frame'),
    startMs,
    durationMs: Math.max(0, Math.round((endMs - startMs) * 1_000) / 1_000),
    requestBody: bodyOf(attributes, 'levelone.request.body'),
    responseBody: bodyOf(attributes, 'levelone.response.body'),
    error: errorOf(span),
  };
}

/** Reads the spans of an `ExportTraceServiceRequest` in JSON. Undefined if it is none. */
export function readSpans(body: unknown): ReadSpans | undefined {
  const resources = (body as Json | null | undefined)?.['resourceSpans'];
  if (!Array.isArray(resources)) return undefined;
  const found: ShownSpanDto[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans } of listOf(resources)) {
    const place = placeOf(resource);
    for (const one of listOf(scopeSpans).flatMap(({ spans }) => listOf(spans))) {
      const span = place && found.length < SPANS_MAX ? spanOf(one, place) : undefined;
      if (span) found.push(span);
      else rejected += 1;
    }
  }
  return { spans: found, rejected };
}
