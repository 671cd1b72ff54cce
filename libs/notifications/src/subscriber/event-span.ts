import { isTraceId, type Span, spanIdOf, type Tracing } from '@level-one/platform';
import { SpanKind } from '@opentelemetry/api';
import type { Notification } from '../events/notification.js';

/**
 * The span of an event that was received. The one above it is the ledger's span of the event, whose id follows from the
 * event's own id, so that nothing has to be added to the frame.
 */
export function startReceiving(
  tracing: Tracing,
  notification: Notification,
  { traceId, peer }: { traceId: string; peer: string | undefined },
): Span | undefined {
  if (!tracing.isOn || !isTraceId(traceId)) return undefined;
  const { event, id, transferId, resource } = notification;
  const span = tracing.startRoot({
    kind: SpanKind.CONSUMER,
    name: event,
    traceId,
    parentId: isTraceId(id) ? spanIdOf(id) : undefined,
    isOfPayment: transferId !== undefined,
  })!;
  const { state } = resource;
  span.set('levelone.frame', event);
  span.set('levelone.peer', peer);
  if (typeof state === 'string' && /^[a-z]{1,20}$/.test(state)) span.set('levelone.state', state);
  // What becomes of a payment that is refused or expired is always kept.
  span.isNotable = state === 'rejected';
  if (tracing.hasBodies) span.requestBody = resource;
  return span;
}
