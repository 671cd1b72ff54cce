import { cutText } from '@level-one/errors';
import { basicAuthorization, StartupError } from '@level-one/platform';

const REQUEST_TIMEOUT_MS = 60_000;
/** A payment is answered when it is final. */
const CHANGE_TIMEOUT_MS = 90_000;
/** Tries of a request that met a role which stops or is busy. */
const TRIES_MAX = 3;
const PAUSE_MS = 1_000;
const SHOWN_LENGTH_MAX = 300;

/** Where a role answers, and with which account it is read. */
export interface ReadAddress {
  baseUrl: string;
  name: string;
  password: string;
}

/** A role that gave no answer. */
export class RoleUnreachableError extends StartupError {}

/** A role that answered with an error: its status, and the `id` and message of its body, where it has them. */
export class RoleRefusedError extends StartupError {
  readonly id: string;

  constructor(
    request: string,
    readonly status: number,
    text: string,
  ) {
    const { id, message } = errorIn(text);
    super(`${request} answered ${status}: ${message ?? cutText(text, SHOWN_LENGTH_MAX)}`);
    this.id = id ?? `Status${status}`;
  }
}

function errorIn(text: string): { id?: string; message?: string } {
  try {
    const { id, message } = JSON.parse(text) as { id?: unknown; message?: unknown };
    return { ...(typeof id === 'string' && { id }), ...(typeof message === 'string' && { message }) };
  } catch {
    return {};
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}

/** Reads routes of a role, and changes nothing. */
export class RoleReader {
  constructor(readonly address: ReadAddress) {}

  /** @throws RoleUnreachableError, and RoleRefusedError if the role does not answer with 200 and JSON */
  async read<T>(path: string): Promise<T> {
    const text = await this.readText(path);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new RoleRefusedError(`GET ${this.address.baseUrl}${path}`, 200, 'no JSON');
    }
  }

  /** What the role answers, as text. @throws RoleUnreachableError, and RoleRefusedError for everything else but 200 */
  async readText(path: string): Promise<string> {
    return (await this.get(path)).text();
  }

  /** Undefined for 404. @throws RoleUnreachableError, and RoleRefusedError for everything else but 200 */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.read<T>(path);
    } catch (error) {
      if (error instanceof RoleRefusedError && error.status === 404) return undefined;
      throw error;
    }
  }

  private async get(path: string): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.request('GET', path, REQUEST_TIMEOUT_MS);
        if (answer.status === 200) return answer;
        if (answer.status < 500 || attempt === TRIES_MAX) throw await this.refusal('GET', path, answer);
        await answer.text();
      } catch (error) {
        if (error instanceof RoleRefusedError || attempt === TRIES_MAX) throw error;
      }
      await pause();
    }
  }

  /** One request, whatever it is answered. @throws RoleUnreachableError */
  protected async request(method: string, path: string, timeoutMs: number, body?: object): Promise<Response> {
    const { baseUrl, name, password } = this.address;
    try {
      return await fetch(baseUrl + path, {
        method,
        headers: {
          authorization: basicAuthorization(name, password),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      const reason = cutText(String((error as Error).cause ?? error), SHOWN_LENGTH_MAX);
      throw new RoleUnreachableError(`${method} ${baseUrl}${path} got no answer: ${reason}`);
    }
  }

  protected async refusal(method: string, path: string, answer: Response): Promise<RoleRefusedError> {
    return new RoleRefusedError(`${method} ${this.address.baseUrl}${path}`, answer.status, await answer.text());
  }
}

/** Reads routes of a role, and changes things there. A request that changes something is sent once. */
export class RoleCaller extends RoleReader {
  /** @throws RoleUnreachableError, and RoleRefusedError if the role answers an error */
  async send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<T> {
    const answer = await this.request(method, path, CHANGE_TIMEOUT_MS, body);
    if (!answer.ok) throw await this.refusal(method, path, answer);
    return (await answer.json()) as T;
  }
}
