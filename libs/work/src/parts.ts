/** Parts of a list, in its order: each of `size` items, the last one of what is left. */
export function* partsOf<Item>(items: readonly Item[], size: number): Generator<Item[], void, undefined> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
