import { StartupError } from '@level-one/platform';
import type { DemoUnit } from '../seed/demo-amounts.js';
import type { NetworkHop } from '../pages/hop-log.js';
import type { DfspName, TopologyEntry } from '../plan/topology.js';

const REQUEST_TIMEOUT_MS = 90_000;

export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Client of a running demo network. */
export class DemoClient {
  private constructor(
    /** Base URL of the network's own page. */
    readonly pageUrl: string,
    private readonly topology: TopologyEntry[],
  ) {}

  static async findNetwork(pageUrl: string): Promise<DemoClient> {
    try {
      const answer = await fetch(`${pageUrl}/topology`, { signal: AbortSignal.timeout(2_000) });
      return new DemoClient(pageUrl, (await answer.json()) as TopologyEntry[]);
    } catch {
      throw new StartupError(`no network answers at ${pageUrl}; start one with "npm start" in another terminal`);
    }
  }

  /** Calls a role as a channel does. @throws StartupError if it answers an error */
  async callRole<T>(
    role: string,
    dfsp: DfspName | null,
    credentials: string,
    request: string,
    body?: object,
  ): Promise<T> {
    const [method = 'GET', path = ''] = request.split(' ');
    const base = this.topology.find((entry) => entry.role === role && entry.dfsp === dfsp)?.baseUrl ?? '';
    const answer = await fetch(base + path, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new StartupError(`${method} ${base}${path} answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }

  /** Currency and scale of a DFSP's ledger. */
  async unitOf(dfsp: DfspName): Promise<DemoUnit> {
    const metadata = await this.callRole<{ currency_code: string; scale: number }>(
      'dfsp-ledger',
      dfsp,
      'admin:admin',
      'GET /ledger',
    );
    return { currency: metadata.currency_code, scale: metadata.scale };
  }

  /** Hops as they end, until `signal` is aborted. `isOpen` is called once the stream is open. */
  async *streamHops(signal: AbortSignal, isOpen: () => void): AsyncGenerator<NetworkHop> {
    const answer = await fetch(`${this.pageUrl}/hops/stream`, { signal });
    isOpen();
    let rest = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6)) as NetworkHop;
    }
  }
}
