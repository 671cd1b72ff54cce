import type { LedgerEvent, LedgerEventName } from './event-log.js';
import { isRecord } from '../json-rpc/json-rpc.js';

/** A notification as a subscriber receives it (contract 3.7). */
export interface Notification {
  event: LedgerEventName;
  /** UUID of the event; undefined if a Five Bells ledger sends none. */
  id: string | undefined;
  /** Position in the ledger's log; undefined from a ledger without one. */
  sequence: bigint | undefined;
  resource: Record<string, unknown>;
  relatedResources: Record<string, unknown>;
  /** Lower-cased last segment of the transfer's id; undefined for messages. */
  transferId: string | undefined;
}

/** The frame of an event is the same for all subscribers. */
const frames = new WeakMap<LedgerEvent, string>();

/** The text of one `notify` frame; its `sequence` may be given back as `resumeFrom`. */
export function notifyFrame(event: LedgerEvent): string {
  const known = frames.get(event);
  if (known !== undefined) return known;
  const frame = writeFrame(event);
  frames.set(event, frame);
  return frame;
}

function writeFrame(event: LedgerEvent): string {
  const { id, sequence, resource, relatedResources } = event;
  const params = {
    event: event.event,
    id,
    // A log of 2^53 events is out of reach.
    sequence: Number(sequence),
    resource,
    ...(relatedResources && { related_resources: relatedResources }),
  };
  return JSON.stringify({ jsonrpc: '2.0', id: null, method: 'notify', params });
}

/** Reads a parsed frame as a notification; undefined if it is none, or of an unknown event. */
export function parseNotification(frame: Record<string, unknown>): Notification | undefined {
  const { params } = frame;
  if (frame['method'] !== 'notify' || !isRecord(params) || !isRecord(params['resource'])) return undefined;
  const event = eventName(params['event']);
  if (!event) return undefined;
  const { resource } = params;
  const related = params['related_resources'];
  return {
    event,
    id: typeof params['id'] === 'string' ? params['id'] : undefined,
    sequence: parseSequence(params['sequence']),
    resource,
    relatedResources: isRecord(related) ? related : {},
    transferId: event === 'message.send' ? undefined : lastSegment(resource['id']),
  };
}

/** A position in the log, from a decimal string or an integer; undefined if it is neither. */
export function parseSequence(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
  return typeof value === 'string' && /^\d{1,18}$/.test(value) ? BigInt(value) : undefined;
}

function eventName(value: unknown): LedgerEventName | undefined {
  return value === 'transfer.create' || value === 'transfer.update' || value === 'message.send' ? value : undefined;
}

function lastSegment(uri: unknown): string | undefined {
  return typeof uri === 'string' ? uri.slice(uri.lastIndexOf('/') + 1).toLowerCase() : undefined;
}
