import { basicAuthorization, type RunningRole } from '@level-one/platform';

/** Answer of a role, with any status. */
export interface RoleAnswer {
  status: number;
  text: string;
  /** Parsed if the answer is JSON. */
  json: any;
}

export type RoleCaller = (method: string, path: string, body?: unknown, as?: string | null) => Promise<RoleAnswer>;

/**
 * Calls a running role without a socket. A text is sent as text/plain, everything else as JSON. `as` is the account
 * whose name is its password, by default `admin`; null sends no credentials.
 */
export function callerOf(role: RunningRole, basePath = ''): RoleCaller {
  return async (method, path, body, as = 'admin') => {
    const isText = typeof body === 'string';
    const answer = await role.app.inject({
      method: method as 'GET',
      url: basePath + path,
      headers: {
        ...(as !== null && { authorization: basicAuthorization(as, as) }),
        ...(body !== undefined && { 'content-type': isText ? 'text/plain' : 'application/json' }),
      },
      ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    return { status: answer.statusCode, text: answer.payload, json: isJson ? answer.json() : undefined };
  };
}
