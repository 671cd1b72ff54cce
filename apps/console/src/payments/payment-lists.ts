import { CommonErrorId, commonError } from '@level-one/platform';
import type { NetworkRole } from '../network/network.service.js';
import type { RoleHttp } from '../network/role-http.js';

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

/** How many entries of a list are read, and from where. */
export interface PartOfList {
  limit: number;
  place: PlaceInList;
}

/** Most entries that a DFSP API answers at once. */
const API_LIMIT_MAX = 200;

/**
 * Reads a page of a list of a DFSP API, and where the list goes on behind it.
 * @param list path, @param filters undefined ones are left out
 */
export async function readApiList<Answer extends { next: string | null }>(
  { http, api }: { http: RoleHttp; api: NetworkRole },
  list: string,
  filters: Record<string, string | undefined>,
  { limit, place }: PartOfList,
): Promise<{ answer: Answer; next: string | undefined }> {
  const query = new URLSearchParams({ limit: String(Math.min(API_LIMIT_MAX, limit + place.skip)) });
  for (const [name, value] of Object.entries({ ...filters, after: place.after }))
    if (value !== undefined) query.set(name, value);
  const answer = await http.read<Answer>(api, `${list}?${query.toString()}`);
  return {
    answer,
    next: answer.next === null ? undefined : (new URL(answer.next).searchParams.get('after') ?? undefined),
  };
}

/**
 * The part of an own list that is asked for, and where the list goes on.
 * @param read rows behind `place.after`: one more than `place.skip + limit`, if there are so many
 */
export function partOf<Row extends { place: string }>(
  read: readonly Row[],
  { limit, place: { skip } }: PartOfList,
): { rows: readonly Row[]; next: string | undefined } {
  const rows = read.slice(skip, skip + limit);
  return { rows, next: read.length > skip + limit ? rows.at(-1)?.place : undefined };
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
