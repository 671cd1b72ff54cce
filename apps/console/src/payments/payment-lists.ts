import { CommonErrorId, commonError } from '@level-one/platform';

/** Where a list of one DFSP API goes on: its own page, and how many entries of that were shown. */
export interface PlaceInList {
  after?: string;
  skip: number;
}

/** Where the lists of all DFSP APIs go on; a list that is over is absent. */
export type Places = Record<string, PlaceInList>;

interface Entry {
  createdAt: string;
}

/** A page that one DFSP API answered, and where it began. */
export interface ListPage<T extends Entry> {
  dfsp: string;
  from: PlaceInList;
  /** The newest first, without those that were shown. */
  entries: readonly T[];
  /** `after` of its next page; undefined on the last one. */
  next: string | undefined;
}

/** Takes the newest entries of all pages, and says where each list goes on. */
export function mergePages<T extends Entry>(
  pages: readonly ListPage<T>[],
  limit: number,
): { entries: { dfsp: string; entry: T }[]; places: Places } {
  const all = pages.flatMap(({ dfsp, entries }) => entries.map((entry) => ({ dfsp, entry })));
  const entries = all.toSorted((a, b) => b.entry.createdAt.localeCompare(a.entry.createdAt)).slice(0, limit);
  const places: Places = {};
  for (const { dfsp, from, entries: own, next } of pages) {
    const taken = entries.filter((one) => one.dfsp === dfsp).length;
    if (taken < own.length) places[dfsp] = { ...from, skip: from.skip + taken };
    else if (next !== undefined) places[dfsp] = { after: next, skip: 0 };
  }
  return { entries, places };
}

/** Places as one opaque text; null if every list is over. */
export function placesText(places: Places): string | null {
  return Object.keys(places).length === 0 ? null : Buffer.from(JSON.stringify(places)).toString('base64url');
}

/** @throws ContractError 400 InvalidUriParameterError for a text that {@link placesText} did not make */
export function placesIn(text: string): Places {
  try {
    const places = JSON.parse(Buffer.from(text, 'base64url').toString()) as Places;
    const isSound = Object.values(places).every(
      ({ after, skip }) =>
        Number.isInteger(skip) && skip >= 0 && skip <= 200 && (after === undefined || /^[\w.-]{1,128}$/.test(after)),
    );
    if (isSound) return places;
  } catch {
    // It is refused below.
  }
  throw commonError(CommonErrorId.InvalidUriParameter, { message: 'after must be from `next` of a page' });
}
