import { BehaviorSubject, Subject } from 'rxjs';
import { type DatabaseAccess, DatabaseClient, DatabaseTrouble, databaseTroubleIn } from './database/index.js';

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
  private client: DatabaseClient | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly access: DatabaseAccess,
    private readonly channel: string,
    /** Name of the connection in `pg_stat_activity`. */
    private readonly connectionName?: string,
  ) {}

  /** Resolves after the first attempt to listen; further attempts follow if it fails. */
  async start(): Promise<void> {
    if (this.isClosed) return;
    const client = new DatabaseClient({
      access: this.access,
      answerTimeoutMs: ANSWER_TIMEOUT_MS,
      ...(this.connectionName !== undefined && { applicationName: this.connectionName }),
    });
    this.client = client;
    client.on('notification', ({ payload = '' }) => this.messages.next(payload));
    client.on('error', () => this.startAgain(client));
    client.on('end', () => this.startAgain(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(this.channel)}`);
      if (this.client !== client) return;
      this.isListening.next(true);
      this.probeLater(client);
    } catch (error) {
      if (databaseTroubleIn(error) === DatabaseTrouble.TooManyConnections) this.access.makeRoom();
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

  private startAgain(client: DatabaseClient): void {
    // A connection fails once, whatever reports it.
    if (this.client !== client) return;
    this.client = undefined;
    this.isListening.next(false);
    client.end().catch(() => undefined);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.start(), RECONNECT_AFTER_MS);
  }

  private probeLater(client: DatabaseClient): void {
    this.timer = setTimeout(() => {
      client.query('SELECT').then(
        () => this.client === client && this.probeLater(client),
        () => this.startAgain(client),
      );
    }, PROBE_EVERY_MS);
  }
}
