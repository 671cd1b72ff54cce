import { cutText } from '@level-one/errors';
import type { RoleName } from '@level-one/platform';
import { NotConforming } from '../cases/not-conforming.js';
import type { Contract } from '../contract/documents.js';
import { wronglyWritten } from '../contract/wire-values.js';

/** Traces of a program that no caller may see. */
const INSIDES =
  /\\n\s+at .+:\d+|\n\s+at .+:\d+|node_modules|Traceback \(most recent call last\)|\bSELECT .+ FROM\b|QueryFailedError/i;
const SHOWN_MAX = 200;

/** What an answer must be. */
export interface Expected {
  /** One of these statuses. */
  status: number | readonly number[];
  /** One of these ids, of an error. */
  id?: string | readonly string[];
  /** What else the answer must be, after "must be answered 200 ". */
  words?: string;
}

/** The answer of the system under test to one request. */
export class Answer {
  /** Parsed body; undefined if it is no JSON. */
  readonly json: any;

  constructor(
    private readonly contract: Contract,
    private readonly role: RoleName,
    /** Route as the contract writes it. */
    readonly route: string,
    /** What was sent, as the subject of a sentence: `a request without credentials`. */
    readonly what: string,
    readonly status: number,
    readonly headers: Headers,
    readonly text: string,
  ) {
    this.json = jsonOf(text);
  }

  /**
   * Checks status and body: a good one by the schema of its route, an error by its form and the contract's ids.
   * @throws NotConforming
   */
  mustBe({ status, id, words = '' }: Expected): this {
    const statuses = [status].flat();
    const ids = id === undefined ? undefined : [id].flat();
    const must = [statuses.join(' or '), ids?.join(' or '), words].filter(Boolean).join(' ');
    this.mustShowNoInsides();
    if (!statuses.includes(this.status)) this.failWith(`was answered ${this.seen}; must be answered ${must}`);
    if (this.status >= 400) this.mustBeError();
    else this.mustFitItsSchema();
    if (ids && this.status >= 400 && !ids.includes(this.json.id)) {
      this.failWith(`was answered ${this.seen}; must be answered ${must}`);
    }
    return this;
  }

  /** Checks that two requests got the same. @throws NotConforming */
  mustEqual(other: Answer, words: string): void {
    if (this.status === other.status && sameJson(this.json, other.json)) return;
    this.failWith(`was answered ${this.seen} ${this.shown}; must be answered ${words}: ${other.status} ${other.shown}`);
  }

  /** @throws NotConforming that goes on with these words, after the request */
  failWith(words: string): never {
    throw new NotConforming(`${this.route}: ${this.what} ${words}`);
  }

  /** Status, and the id of an error. */
  private get seen(): string {
    const id: unknown = this.json?.id;
    return this.status >= 400 && typeof id === 'string' ? `${this.status} ${id}` : String(this.status);
  }

  private get shown(): string {
    return this.text.length > SHOWN_MAX ? `${cutText(this.text, SHOWN_MAX)}…` : this.text;
  }

  private mustShowNoInsides(): void {
    const found = INSIDES.exec(this.text);
    if (found) this.failWith(`was answered with insides of the program (${found[0].trim()}); must show a message only`);
  }

  private mustBeError(): void {
    const { id, message } = (this.json ?? {}) as { id?: unknown; message?: unknown };
    if (typeof id !== 'string' || typeof message !== 'string' || message === '') {
      this.failWith(
        `was answered ${this.status} with the body ${this.shown || '(none)'}; an error must be JSON { "id", "message" }`,
      );
    }
    const statuses = this.contract.errorIds.get(id);
    if (!statuses)
      this.failWith(`was answered the id ${id}, which is none of the contract's (docs/contract/errors.md)`);
    if (!statuses.has(this.status)) {
      this.failWith(`was answered ${this.status} with the id ${id}, whose status is ${[...statuses].join(' or ')}`);
    }
  }

  private mustFitItsSchema(): void {
    const wrong = this.contract.errorsOfAnswer(this.role, this.route, this.status, this.json);
    if (wrong.length > 0) {
      this.failWith(`was answered ${this.status} with a body in which ${wrong.join('; ')}: ${this.shown || '(none)'}`);
    }
    const [badly] = wronglyWritten(this.json);
    if (badly !== undefined) this.failWith(`was answered ${this.status} with a body in which ${badly}`);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
