import { CommonErrorId, commonError, sendError } from '@level-one/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/i;

/** What the check has to know of the settings. */
export interface CrossSiteSettings {
  publicUrl: string;
  demoNetwork: boolean;
}

/**
 * Whether a page of another site sent a request that changes something, or reads a demo network by a name that leads
 * to this machine. A browser says where a request comes from by `Origin`; programs send none.
 */
export function isCrossSite(
  { method, headers }: Pick<FastifyRequest, 'method' | 'headers'>,
  { publicUrl, demoNetwork }: CrossSiteSettings,
): boolean {
  const host = hostNameOf(headers.host);
  if (demoNetwork && !LOOPBACK.test(host)) return true;
  if (READS.has(method)) return false;
  const { origin } = headers;
  if (origin === undefined) return (headers['sec-fetch-site'] ?? 'none') === 'cross-site';
  if (origin === new URL(publicUrl).origin) return false;
  // In the demo the page is reached as 127.0.0.1 and as localhost.
  return !demoNetwork || !URL.canParse(origin) || new URL(origin).host !== headers.host;
}

function hostNameOf(host: string | undefined): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
}

/** Refuses requests of other sites before anything else looks at them. */
export function refuseOtherSites(fastify: Pick<FastifyInstance, 'addHook'>, settings: CrossSiteSettings): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isCrossSite(request, settings)) {
      sendError(reply, commonError(CommonErrorId.Forbidden, { message: 'Requests of other sites are refused' }));
      return;
    }
    done();
  });
}
