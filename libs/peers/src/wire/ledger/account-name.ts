/** Name of an account in its URI, or the bare name itself; undefined when there is none. */
export function accountNameOf(reference: unknown): string | undefined {
  if (typeof reference !== 'string' || reference === '') return undefined;
  if (!/^https?:\/\//i.test(reference)) return reference;
  const segment = /\/accounts\/([^/?#]+)$/.exec(reference)?.[1];
  if (segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
