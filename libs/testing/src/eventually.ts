export interface EventuallyOptions {
  /** Give up after this many milliseconds; by default long enough for a machine that is busy with other work. */
  timeoutMs?: number;
  /** Look again after this many milliseconds. */
  intervalMs?: number;
}

/**
 * Looks again and again until `look` resolves without throwing, and answers what it found.
 * Throws its last error when the time is over. Tests wait with it instead of sleeping.
 */
export async function eventually<T>(look: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 10 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, intervalMs);
    });
  }
}
