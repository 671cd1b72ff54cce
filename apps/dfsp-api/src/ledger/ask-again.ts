/** First pause between two questions to the ledger about one payment. */
const ASK_AGAIN_MS = 2_000;
/** The pause is this part of the time since the payment began, so that it grows with every question. */
const PART = 4;

/** When to ask again about a payment that is still open. @param maxS longest pause, in s */
export function askAgainAt(since: Date, maxS: number): Date {
  const now = Date.now();
  const pauseMs = Math.min(Math.max(ASK_AGAIN_MS, (now - since.getTime()) / PART), maxS * 1_000);
  return new Date(now + pauseMs);
}
