import { Client } from 'pg';
import { Subject } from 'rxjs';

const RECONNECT_AFTER_MS = 1_000;

/**
 * Listens to the notifications of other instances' commits. Only a hint: notifications are lost while it is
 * disconnected.
 */
export class CommitListener {
  readonly commits = new Subject<void>();
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly schema: string,
    /** Id of this instance, whose own notifications are ignored. */
    private readonly ownWriterId: string,
  ) {}

  async start(): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl });
    this.client = client;
    client.on('notification', ({ payload }) => {
      const [schema, writerId] = (payload ?? '').split(' ');
      if (schema === this.schema && writerId !== this.ownWriterId) this.commits.next();
    });
    client.on('error', () => undefined);
    client.on('end', () => this.reconnectLater());
    try {
      await client.connect();
      await client.query('LISTEN ledger_events');
      this.commits.next();
    } catch {
      await this.close(client);
      this.reconnectLater();
    }
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    if (this.client) await this.close(this.client);
  }

  private reconnectLater(): void {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), RECONNECT_AFTER_MS);
  }

  private async close(client: Client): Promise<void> {
    await client.end().catch(() => undefined);
  }
}
