/** The longest time for which a value from the database is shown again. */
export const READ_EVERY_MS = 10_000;

/**
 * Reads something that costs, however often it is asked for, once in a while: all who ask meanwhile get the same. A
 * reading that fails is not kept.
 */
export function keepReading<T>(read: () => Promise<T>, everyMs = READ_EVERY_MS): () => Promise<T> {
  let kept: { at: number; reading: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (kept && now - kept.at < everyMs) return kept.reading;
    const reading = read();
    const mine = { at: now, reading };
    kept = mine;
    reading.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return reading;
  };
}
