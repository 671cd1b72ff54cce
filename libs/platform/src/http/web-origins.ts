import type { IncomingHttpHeaders } from 'node:http';
import { EVERY_ORIGIN } from '../settings/cors-origins.js';

/** Web pages whose scripts may call a role. */
export class WebOrigins {
  private readonly allowed: ReadonlySet<string>;

  /** @param setting value of `CORS_ORIGINS`: origins with commas between, or `*` */
  constructor(setting?: string) {
    // As browsers write them: small letters, without the usual port of their scheme.
    const origins = setting?.split(',').map((one) => (one === EVERY_ORIGIN ? one : new URL(one).origin));
    this.allowed = new Set(origins);
  }

  get areNone(): boolean {
    return this.allowed.size === 0;
  }

  has(origin: string): boolean {
    return this.allowed.has(EVERY_ORIGIN) || this.allowed.has(origin.toLowerCase());
  }

  /** Whether a request is of a script of another page, which may not call. Others than browsers send no `Origin`. */
  isForeign({ origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>): boolean {
    if (origin === undefined || this.has(origin)) return false;
    return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
  }
}
