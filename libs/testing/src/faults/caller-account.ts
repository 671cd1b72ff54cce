import type { IncomingMessage } from 'node:http';

/** Name by which a caller presents itself: of Basic credentials, or of a ledger's token; it is not checked. */
export function accountOf(request: Pick<IncomingMessage, 'headers' | 'url'>): string | undefined {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic') return Buffer.from(value, 'base64').toString().split(':')[0];
  const token = value || new URL(request.url ?? '/', 'http://proxy').searchParams.get('token');
  return token ? subjectOf(token) : undefined;
}

function subjectOf(token: string): string | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub?: unknown };
    return typeof claims.sub === 'string' ? claims.sub : undefined;
  } catch {
    return undefined;
  }
}
