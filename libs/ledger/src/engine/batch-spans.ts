import { randomUUID } from 'node:crypto';
import { currentTrace, nameOf, type Span, spanIdOf, type Trace, type Tracing } from '@level-one/platform';
import { TransferState } from '@level-one/transfer';
import { SpanKind } from '@opentelemetry/api';
import type { NewEvent } from '../books/books.js';

/** The trace that a command belongs to: that of its request or its sweep; undefined while spans are not recorded. */
export function traceOfCommand(tracing: Tracing): Trace | undefined {
  return tracing.isOn ? (currentTrace() ?? { traceId: randomUUID() }) : undefined;
}

/**
 * Spans of one batch: `ledger.batch` in the trace of each of its commands, and below it a span for each event that the
 * commit made. Receivers of the event put theirs below that, by the event's id.
 */
export class BatchSpans {
  private constructor(
    private readonly tracing: Tracing,
    private readonly spans: readonly Span[],
  ) {}

  static start(tracing: Tracing, batch: readonly { trace: Trace | undefined }[]): BatchSpans {
    const spans = batch.flatMap(({ trace }) => {
      const span = trace && tracing.startChild(trace, { kind: SpanKind.INTERNAL, name: 'ledger.batch' });
      span?.set('levelone.commands', batch.length);
      return span ?? [];
    });
    return new BatchSpans(tracing, spans);
  }

  /** After the commit. */
  end(events: readonly NewEvent[]): void {
    for (const event of events) this.tellOf(event);
    for (const span of this.spans) span.end();
  }

  /** Nothing was written. */
  fail(cause: unknown): void {
    for (const span of this.spans) {
      span.fail(nameOf(cause));
      span.end();
    }
  }

  private tellOf({ id, transfer, state }: NewEvent): void {
    const traceId = transfer?.id ?? id;
    const above = this.spans.find((span) => span.traceId === traceId);
    const start = {
      kind: SpanKind.PRODUCER,
      name: nameOfEvent(transfer ? state : null),
      spanId: spanIdOf(id),
      isOfPayment: transfer !== null,
    };
    const span = above
      ? this.tracing.startChild({ traceId, span: above }, start)!
      : this.tracing.startRoot({ ...start, traceId, link: this.linkOf() })!;
    span.set('levelone.frame', start.name);
    if (state !== null) span.set('levelone.state', state);
    span.isNotable = state === TransferState.Rejected;
    span.end();
  }

  /** An event of another trace than its command: a transfer that a sweep ended, a message. */
  private linkOf(): { traceId: string; spanId: string } | undefined {
    const [only, ...others] = this.spans;
    return only && others.length === 0 ? { traceId: only.traceId, spanId: only.spanId } : undefined;
  }
}

function nameOfEvent(state: TransferState | null): string {
  if (state === null) return 'message.send';
  return state === TransferState.Prepared ? 'transfer.create' : 'transfer.update';
}
