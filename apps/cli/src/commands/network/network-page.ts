const TIMEOUT_MS = 5_000;

/** An instance as the network's page lists it. */
export interface ListedInstance {
  role: string;
  dfsp: string | null;
  baseUrl: string;
}

/** The instances of a running network; undefined if none answers. */
export async function listInstances(pageUrl: string): Promise<ListedInstance[] | undefined> {
  try {
    const answer = await fetch(`${pageUrl}/topology`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return (await answer.json()) as ListedInstance[];
  } catch {
    return undefined;
  }
}

export async function isPageThere(pageUrl: string): Promise<boolean> {
  return (await listInstances(pageUrl)) !== undefined;
}

/** Status in `GET /health` of a role, or why there is none. */
export async function healthOf(baseUrl: string): Promise<string> {
  try {
    const answer = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { status, message } = (await answer.json()) as { status?: string; message?: string };
    return answer.ok ? (status ?? 'OK') : (message ?? `answered ${answer.status}`);
  } catch {
    return 'no answer';
  }
}
