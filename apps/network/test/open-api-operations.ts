import type { Caller } from '@level-one/platform';

/** One operation of a role's OpenAPI document. */
export interface Operation {
  method: string;
  /** With its parameters as `{name}`. */
  path: string;
  callers: readonly Caller[];
  security: readonly Record<string, unknown>[] | undefined;
}

const METHODS = new Set(['get', 'put', 'post', 'delete', 'patch']);

/** What a running role says of itself at `/docs-json`. */
export async function openApiOperations(baseUrl: string): Promise<Operation[]> {
  const answer = await fetch(`${baseUrl}/docs-json`);
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, Record<string, unknown>>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        callers: operation['x-callers'] as Caller[],
        security: operation['security'] as Operation['security'],
      })),
  );
}
