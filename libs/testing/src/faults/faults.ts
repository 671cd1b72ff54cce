import { randomUUID } from 'node:crypto';

/** One request, or one frame of a websocket, that passes a fault proxy. */
export interface Passage {
  kind: 'request' | 'frame';
  /** Name of the place before which the proxy stands: `dfsp1/ledger-adapter`. */
  place: string;
  /** The caller's `L1p-Hop`, if it sent one. */
  hop?: string;
  method?: string;
  /** With the query. */
  path: string;
  /** Event of a frame: `transfer.create`. */
  event?: string;
  /** State of the transfer that a frame tells of. */
  state?: string;
  /** Account whose owner has opened the websocket, or who calls, as far as the credentials tell. */
  account?: string;
  /** Path, trace and body, or the frame. */
  text: string;
}

/** What is done to a passage. Times are in ms. */
export type FaultAction =
  /** Let through, and recorded: a rule that stands before others. */
  | { do: 'pass' }
  /** Answered by the proxy; the role is not asked. Requests only. */
  | { do: 'refuse'; status: number; id: string }
  /** Answered by the proxy with this body. Requests only. */
  | { do: 'answer'; status: number; body: unknown }
  /** Forwarded later; the caller waits. Frames after it wait, too. */
  | { do: 'delay'; ms: number }
  /** Never answered, and not forwarded; frames after it wait for ever. */
  | { do: 'hang' }
  /** Before: not forwarded. After: the role acts, and its answer is lost. The caller's connection breaks; a frame is lost. */
  | { do: 'cut'; when: 'before' | 'after' }
  /** Waits for `release` at that point. */
  | { do: 'hold'; when: 'before' | 'after' }
  /** Forwarded twice; the first answer counts. */
  | { do: 'duplicate' }
  /** The caller's connection breaks at once, and the request arrives after `ms`; a frame arrives after later ones. */
  | { do: 'late'; ms: number };

export interface FaultRule {
  kind?: Passage['kind'];
  place?: string;
  hop?: string;
  method?: string;
  /** Regular expression of the path. */
  path?: string;
  event?: string;
  state?: string;
  /** Regular expression of the account. */
  account?: string;
  /** Stands in path, trace or body: the id of a payment. Of several texts, all of them. */
  contains?: string | readonly string[];
  /** Decides further; only of rules that a program adds. */
  fits?: (passage: Passage) => boolean;
  action: FaultAction;
  /** So many passages; every one unless given. */
  times?: number;
}

/** What became of a passage that was held. */
export type Release = 'pass' | 'cut';

interface Held {
  passage: Passage;
  release(how: Release): void;
}

/** A rule that is in force, and what it has met. */
export class ActiveFault {
  readonly id = randomUUID();
  readonly met: Passage[] = [];
  private readonly holds: Held[] = [];
  private readonly waiting: (() => void)[] = [];
  private isOver = false;

  constructor(readonly rule: FaultRule) {}

  /** Passages that wait to be released. */
  get held(): readonly Passage[] {
    return this.holds.map(({ passage }) => passage);
  }

  matches(passage: Passage): boolean {
    const { kind, place, hop, method, path, event, state, account, contains, times = Infinity } = this.rule;
    return (
      !this.isOver &&
      this.met.length < times &&
      isSame(kind, passage.kind) &&
      isSame(place, passage.place) &&
      isSame(hop, passage.hop) &&
      isSame(method, passage.method) &&
      isSame(event, passage.event) &&
      isSame(state, passage.state) &&
      (path === undefined || new RegExp(path).test(passage.path)) &&
      (account === undefined || new RegExp(account).test(passage.account ?? '')) &&
      [contains ?? []].flat().every((text) => passage.text.includes(text)) &&
      (this.rule.fits?.(passage) ?? true)
    );
  }

  meet(passage: Passage): FaultAction {
    this.met.push(passage);
    this.tell();
    return this.rule.action;
  }

  /** Waits until it is released. */
  hold(passage: Passage): Promise<Release> {
    if (this.isOver) return Promise.resolve('pass');
    return new Promise((release) => {
      this.holds.push({ passage, release });
      this.tell();
    });
  }

  /** Lets everything go that is held, and later passages too. */
  release(how: Release): void {
    this.isOver = true;
    for (const held of this.holds.splice(0)) held.release(how);
  }

  /** Resolves when `count` passages are held; false after `timeoutMs`. */
  untilHeld(timeoutMs: number, count = 1): Promise<boolean> {
    return this.until(() => this.holds.length >= count, timeoutMs);
  }

  /** Resolves when `count` passages were met; false after `timeoutMs`. */
  untilMet(timeoutMs: number, count = 1): Promise<boolean> {
    return this.until(() => this.met.length >= count, timeoutMs);
  }

  private until(isSo: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      const look = (): void => {
        if (!isSo()) return void this.waiting.push(look);
        clearTimeout(timer);
        resolve(true);
      };
      look();
    });
  }

  private tell(): void {
    for (const look of this.waiting.splice(0)) look();
  }
}

function isSame(wanted: string | undefined, there: string | undefined): boolean {
  return wanted === undefined || wanted === there;
}

/** The rules of all proxies of a network. The first rule that matches a passage decides. */
export class Faults {
  private readonly rules: ActiveFault[] = [];
  private readonly watchers = new Set<(passage: Passage) => void>();

  add(rule: FaultRule): ActiveFault {
    const fault = new ActiveFault(rule);
    this.rules.push(fault);
    return fault;
  }

  get all(): readonly ActiveFault[] {
    return this.rules;
  }

  /** Ends a rule; what it holds goes on, or is cut. @returns false if there is none with this id */
  remove(id: string, how: Release = 'pass'): boolean {
    const index = this.rules.findIndex((fault) => fault.id === id);
    if (index < 0) return false;
    this.rules.splice(index, 1)[0]!.release(how);
    return true;
  }

  clear(how: Release = 'pass'): void {
    for (const fault of this.rules.splice(0)) fault.release(how);
  }

  /** Told of every passage, before any rule. @returns what ends it */
  watch(watcher: (passage: Passage) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** The rule that a passage meets; undefined where it just passes. */
  meet(passage: Passage): ActiveFault | undefined {
    for (const watcher of this.watchers) watcher(passage);
    const fault = this.rules.find((one) => one.matches(passage));
    fault?.meet(passage);
    return fault;
  }
}
