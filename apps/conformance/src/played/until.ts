import { NotConforming } from '../cases/not-conforming.js';

/** Time in which a system does by itself what it has to do. */
const ACTS_WITHIN_MS = 5_000;
const POLL_MS = 10;

/**
 * Waits until something is there, at most 5 s times `slack`.
 * @param words the finding if it never comes
 * @throws NotConforming
 */
export async function until<T>(
  find: () => T | undefined | false | Promise<T | undefined | false>,
  { slack }: { readonly slack: number },
  words: string | (() => string),
): Promise<T> {
  const end = performance.now() + ACTS_WITHIN_MS * slack;
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new NotConforming(typeof words === 'string' ? words : words());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
