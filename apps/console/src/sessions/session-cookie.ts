import { pathOfPublicUrl } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

const COOKIE = 'level_one_session';
/** The token of a session, in base64url. */
const TOKEN = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{43})(?:;|$)`);

/** The token of the session that a request belongs to. */
export function sessionTokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  return TOKEN.exec(headers.cookie ?? '')?.[1];
}

/**
 * Sets the cookie of a session, which scripts cannot read and other sites cannot send; undefined removes it. Below a path it
 * is not sent to what else is at the host, another console for one.
 */
export function setSessionCookie(reply: FastifyReply, token: string | undefined, publicUrl: string): void {
  const isSecure = publicUrl.startsWith('https:');
  const attributes = [
    `Path=${pathOfPublicUrl(publicUrl)}/`,
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
  ];
  const cookie = token === undefined ? [`${COOKIE}=`, 'Max-Age=0'] : [`${COOKIE}=${token}`];
  void reply.header('set-cookie', [...cookie, ...attributes].join('; '));
}
