import type { Answer } from '../system/answer.js';
import type { SystemRequest, SystemUnderTest } from '../system/system-under-test.js';

/** How one route is used well, from which its common cases are made. */
export interface RouteUse {
  /** `PUT /ledger/transfers/{id}` */
  route: string;
  /** What the request is for: two uses of one route differ by it. */
  title?: string;
  /** Page and anchor below `docs/`. */
  page: string;
  /** Who calls: a role, `channel`, `admin` or `name:password`; null for a route that everybody may call. */
  as: string | null;
  /** A request that is answered well, with new ids at each call. */
  good: () => SystemRequest | Promise<SystemRequest>;
  status: number;
  /** Status of the same request again, where it is another. */
  repeatedStatus?: number;
  /** Whether the same request again gets the same answer. Always so for GET. */
  isRepeatable?: boolean;
  /** Members of the answer that differ between two answers although they are the same. */
  varies?: readonly string[];
  /** What else must hold of a good answer. */
  holds?: (answer: Answer, sent: SystemRequest) => void | Promise<void>;
  /** The same id with other content. */
  otherContent?: { change: (request: SystemRequest) => SystemRequest; status: number; id: string };
  /** Requests that name what does not exist. */
  unknown?: readonly {
    what: string;
    change: (request: SystemRequest) => SystemRequest;
    status: number;
    id: string | readonly string[];
  }[];
  /** Members of the body whose mistakes other cases look at, or the system may overlook. */
  lenient?: readonly string[];
  /** Names in the path that are UUIDs. */
  uuids?: readonly string[];
  /** Whether the route reads its body as text, under any content type. */
  isText?: boolean;
}

/** What common cases are made with. */
export interface SuiteBase {
  system: SystemUnderTest;
}

/** Sends the good request of a use, with changes. */
export async function askGood(
  { system }: SuiteBase,
  use: RouteUse,
  what: string,
  change: (request: SystemRequest) => SystemRequest = (request) => request,
): Promise<Answer> {
  return system.ask(use.route, what, change({ as: use.as, ...(await use.good()) }));
}
