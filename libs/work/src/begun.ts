/** Work that is waited for later, or not at all: until then its failure is nobody's. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
