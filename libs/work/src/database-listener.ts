import pg from 'pg';
import { BehaviorSubject, Subject } from 'rxjs';

const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT_AFTER_MS = 1_000;
/** A connection that died without a word is noticed after at most this time and {@link ANSWER_TIMEOUT_MS}. */
const PROBE_EVERY_MS = 5_000;
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Listens on a channel of PostgreSQL (`NOTIFY`), on a connection of its own. It connects again by itself; messages that
 * were sent in between are lost.
 */
export class DatabaseListener {
  /** What was sent. */
  readonly messages = new Subject<string>();
  /** Whether it listens now; false from the moment at which a lost connection is noticed. */
  readonly isListening = new BehaviorSubject(false);
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
    /** Name of the connection in `pg_stat_activity`. */
    private readonly connectionName?: string,
  ) {}

  /** Resolves after the first attempt to listen; further attempts follow if it fails. */
  async start(): Promise<void> {
    if (this.isClosed) return;
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    });
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.messages.next(payload));
    client.on('error', () => this.startAgain(client));
    client.on('end', () => this.startAgain(client));
    try {
      await client.connect();
      // A name in the URL would win over one that is given beside it.
      if (this.connectionName !== undefined) {
        await client.query(`SELECT set_config('application_name', $1, false)`, [this.connectionName]);
      }
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
      if (this.client !== client) return;
      this.isListening.next(true);
      this.probeLater(client);
    } catch {
      this.startAgain(client);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    this.isListening.next(false);
    await client?.end().catch(() => undefined);
  }

  private startAgain(client: pg.Client): void {
    // A connection fails once, whatever reports it.
    if (this.client !== client) return;
    this.client = undefined;
    this.isListening.next(false);
    client.end().catch(() => undefined);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), RECONNECT_AFTER_MS);
  }

  private probeLater(client: pg.Client): void {
    this.timer = setTimeout(() => {
      client.query('SELECT').then(
        () => this.client === client && this.probeLater(client),
        () => this.startAgain(client),
      );
    }, PROBE_EVERY_MS);
  }
}
