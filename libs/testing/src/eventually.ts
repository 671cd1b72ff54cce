export interface EventuallyOptions {
  /** Time limit in ms; the default is long enough for a busy machine. */
  timeoutMs?: number;
  /** Pause between calls of `look`, in ms. */
  intervalMs?: number;
}

/**
 * Repeats `look` until it resolves without an error, and returns its result. Throws its last error at the time limit.
 * Tests use it instead of sleeping.
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
