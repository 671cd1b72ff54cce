import { basicAuthorization, StartupError } from '@level-one/platform';

const REQUEST_TIMEOUT_MS = 60_000;
/** Tries of a request that met a role which stops or is busy. */
const TRIES_MAX = 3;
const PAUSE_MS = 1_000;

/** Where a role answers, and with which account it is read. */
export interface ReadAddress {
  baseUrl: string;
  name: string;
  password: string;
}

/** Reads routes of a role, and changes nothing. */
export class RoleReader {
  constructor(readonly address: ReadAddress) {}

  /** @throws StartupError if the role does not answer with 200 */
  async read<T>(path: string): Promise<T> {
    const answer = await this.request(path);
    if (answer.status !== 200) throw this.refusal(path, `${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Undefined for 404. @throws StartupError for everything else but 200 */
  async find<T>(path: string): Promise<T | undefined> {
    const answer = await this.request(path);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw this.refusal(path, `${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  private async request(path: string): Promise<Response> {
    const { baseUrl, name, password } = this.address;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await fetch(baseUrl + path, {
          headers: { authorization: basicAuthorization(name, password) },
          signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        });
        if (answer.status < 500 || attempt === TRIES_MAX) return answer;
        await answer.text();
      } catch (error) {
        if (attempt === TRIES_MAX) throw this.refusal(path, String((error as Error).cause ?? error));
      }
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }

  private refusal(path: string, reason: string): StartupError {
    return new StartupError(`GET ${this.address.baseUrl}${path} cannot be read: ${reason.slice(0, 300)}`);
  }
}
