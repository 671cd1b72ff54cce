import { ContractError, cutText } from '@level-one/errors';
import { pauseAfter } from './retry.js';

/** Pauses between the attempts to deliver something, and how long it is tried. */
export interface DeliverySettings {
  /** Pause after the first attempt that failed, in ms; doubled after each further one. */
  deliveryPauseMs: number;
  /** Longest pause, in s. */
  deliveryPauseMaxS: number;
  /** How long something is tried, in s, before it is undeliverable. */
  deliveryDeadlineS: number;
}

/** What is known of something that is to be delivered. */
export interface Attempted {
  /** Attempts so far, with the one that has just failed. */
  attempts: number;
  /** Until when it is tried. */
  deadline: Date;
}

/** What is written down of an attempt that failed. */
export interface DeliveryFailure {
  errorId: string;
  message: string;
  /** Undefined: it is undeliverable. */
  nextAttemptAt: Date | undefined;
}

const MESSAGE_LENGTH_MAX = 512;

/** When something that is new must be delivered, or is undeliverable. */
export function deadlineFrom(since: Date, { deliveryDeadlineS }: DeliverySettings): Date {
  return new Date(since.getTime() + deliveryDeadlineS * 1_000);
}

/**
 * What follows from an attempt that failed: the next one after a growing pause, the last one at the deadline. After the
 * deadline, and after a refusal that is final, there is none. A `Retry-After` of the peer is kept to, up to the longest
 * pause.
 */
export function failureOf(
  error: unknown,
  { attempts, deadline }: Attempted,
  settings: DeliverySettings,
  { isFinal = false, now = new Date() } = {},
): DeliveryFailure {
  const { errorId, message } = reasonOf(error);
  if (isFinal || now >= deadline) return { errorId, message, nextAttemptAt: undefined };
  const next = now.getTime() + pauseBefore(error, attempts, settings);
  return { errorId, message, nextAttemptAt: new Date(Math.min(next, deadline.getTime())) };
}

/** Id and message of an error that may be shown. */
export function reasonOf(error: unknown): { errorId: string; message: string } {
  if (error instanceof ContractError) {
    return { errorId: error.id, message: cutText(error.message, MESSAGE_LENGTH_MAX) };
  }
  return { errorId: 'InternalServerError', message: 'An internal error occurred' };
}

function pauseBefore(error: unknown, attempts: number, settings: DeliverySettings): number {
  const maxMs = settings.deliveryPauseMaxS * 1_000;
  const askedMs = error instanceof ContractError ? (error.retryAfterS ?? 0) * 1_000 : 0;
  return Math.min(Math.max(pauseAfter(attempts, { firstMs: settings.deliveryPauseMs, maxMs }), askedMs), maxMs);
}
