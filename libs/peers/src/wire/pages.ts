/** Entries in a page of a list that one role reads from another: small enough for one answer. */
export const PAGE_ENTRIES = 200;

/**
 * Reads a list to its end, page by page. A peer that knows no pages gives the whole list at once.
 * @param readPage the entries after the one with this key, at most {@link PAGE_ENTRIES}
 */
export async function readPages<Entry>(
  readPage: (after: string | undefined) => Promise<Entry[]>,
  keyOf: (entry: Entry) => string,
): Promise<Entry[]> {
  const all: Entry[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await readPage(after);
    const last = page.at(-1);
    const isRepeated = last !== undefined && keyOf(last) === after;
    if (!isRepeated) all.push(...page);
    if (last === undefined || isRepeated || page.length !== PAGE_ENTRIES) return all;
    after = keyOf(last);
  }
}
