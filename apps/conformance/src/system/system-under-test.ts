import { RequestSigner, type SigningKey } from '@level-one/peers';
import { basicAuthorization, type RoleName } from '@level-one/platform';
import { NotConforming } from '../cases/not-conforming.js';
import type { Contract } from '../contract/documents.js';
import { Answer } from './answer.js';

/** One request to the system under test. */
export interface SystemRequest {
  /** Values of the `{names}` in the route. */
  path?: Record<string, string>;
  /** Query, without `?`; members without a value are left out. */
  query?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: { text: string; contentType?: string };
  /** Who calls: a role, `channel`, `admin`, or `name:password`; null sends no credentials. */
  as?: string | null;
  /** Key by which another DFSP signs the request. */
  signedBy?: SigningKey;
  headers?: Record<string, string>;
  /** Longest wait for this answer (ms). */
  timeoutMs?: number;
  /** Path as it is sent, where it is no value of the route's. */
  rawPath?: string;
}

export interface SystemOptions {
  role: RoleName;
  /** Base URL, with or without the base path of the role. */
  url: string;
  /** `name:password` of each caller that the system knows. */
  credentials: ReadonlyMap<string, string>;
  contract: Contract;
}

/** Longer than any caller of the network waits. */
const TIMEOUT_MS = 90_000;

/** The system that is tested, asked over HTTP as other roles would. */
export class SystemUnderTest {
  readonly role: RoleName;
  readonly contract: Contract;
  private readonly origin: string;

  constructor(private readonly options: SystemOptions) {
    this.role = options.role;
    this.contract = options.contract;
    const basePath = options.contract.basePath(options.role);
    const url = options.url.replace(/\/$/, '');
    this.origin = basePath !== '' && url.endsWith(basePath) ? url.slice(0, -basePath.length) : url;
  }

  /** URL of a path of the system. */
  urlOf(path: string): string {
    return this.origin + path;
  }

  /**
   * Sends a request. `what` is the subject of the sentence that reports a fault: `the same request again`.
   * @throws NotConforming when no answer comes
   */
  ask(route: string, what: string, request: SystemRequest = {}): Promise<Answer> {
    const answer = this.send(route, what, request);
    // A case that has found a fault does not wait for what it asked.
    answer.catch(() => undefined);
    return answer;
  }

  private async send(route: string, what: string, request: SystemRequest): Promise<Answer> {
    const [method = 'GET', template = ''] = route.split(' ');
    const path = request.rawPath ?? filled(template, request.path ?? {});
    const query = request.query ? `?${new URLSearchParams(request.query).toString()}` : '';
    const { contract, role } = this;
    const url = this.origin + path + query;
    const body = request.raw ? request.raw.text : request.body === undefined ? undefined : JSON.stringify(request.body);
    try {
      const { signedBy } = request;
      const signed = signedBy ? await new RequestSigner(signedBy).headersFor({ method, url, body }) : {};
      const answer = await fetch(url, {
        method,
        redirect: 'manual',
        headers: { ...signed, ...this.headersOf(request) },
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS),
      });
      return new Answer(contract, role, route, what, answer.status, answer.headers, await answer.text());
    } catch (error) {
      throw new NotConforming(`${route}: ${what} got no answer (${reasonOf(error)}); must be answered`);
    }
  }

  private headersOf({ as, body, raw, headers }: SystemRequest): Record<string, string> {
    const contentType = raw ? raw.contentType : body === undefined ? undefined : 'application/json';
    const credentials = as === undefined || as === null ? undefined : this.credentialsOf(as);
    return {
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...(credentials !== undefined && { authorization: credentials }),
      ...headers,
    };
  }

  private credentialsOf(caller: string): string {
    const text = caller.includes(':') ? caller : this.options.credentials.get(caller);
    if (text === undefined) throw new Error(`no credentials for ${caller}: give --credentials ${caller}:<password>`);
    const [name = '', ...password] = text.split(':');
    return basicAuthorization(name, password.join(':'));
  }
}

function filled(template: string, values: Record<string, string>): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? name));
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? 'it took too long' : (cause?.code ?? message);
}
