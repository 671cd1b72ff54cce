import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accessOf } from './database/index.js';
import { DatabaseListener } from './database-listener.js';
import { HotStatements } from './hot-statements.js';

/** Age at which a copy is read again, even if nobody told of a change. */
const MOST_AGE_MS = 60_000;

/** What is kept, and how it is read. */
export interface KeptCopyOptions<Value> {
  /** Tables that the copy is made from; their changes are told, see `notifyChangesOf`. */
  tables: readonly string[];
  /** Maximum of keys; the one read first is forgotten first. */
  max: number;
  /**
   * Reads the value of a key; with {@link KeptCopies.statements} where a caller may have an open transaction. Undefined
   * is not kept. Callers share the value, so nobody may change it.
   */
  load: (key: string) => Promise<Value>;
}

/**
 * Copies of rows that hardly change, in the memory of this instance. Each change of the tables is told to all instances
 * when it commits, and they forget their copies. Nothing is kept or served from memory while an instance does not
 * listen: it cannot know what has changed.
 */
@Injectable()
export class KeptCopies implements OnApplicationShutdown {
  /**
   * Statements for reading copies. Their connections are apart from all others, so that a reader with an open
   * transaction never waits behind a statement that waits for this transaction.
   */
  readonly statements: HotStatements;
  private readonly copies: { tables: readonly string[]; copy: KeptCopy<unknown> }[] = [];
  private listener: DatabaseListener | undefined;

  constructor(private readonly dataSource: DataSource) {
    this.statements = new HotStatements(dataSource);
  }

  /** Makes an empty copy. */
  keep<Value>({ tables, ...options }: KeptCopyOptions<Value>): KeptCopy<Value> {
    const copy = new KeptCopy(options, () => this.isListening());
    this.copies.push({ tables, copy });
    return copy;
  }

  /**
   * Forgets what was read from a table. The writer of a change calls it after the commit, so that it reads its own
   * change at once; other instances are told by the database.
   *
   * @param key default: all keys
   */
  forget(table: string, key?: string): void {
    for (const { tables, copy } of this.copies) if (tables.includes(table)) copy.forget(key);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.listener?.close(), this.statements.onApplicationShutdown()]);
  }

  private isListening(): boolean {
    this.listener ??= this.startListener();
    return this.listener.isListening.value;
  }

  private startListener(): DatabaseListener {
    const access = accessOf(this.dataSource);
    const listener = new DatabaseListener(access, access.schema);
    listener.isListening.subscribe(() => this.copies.forEach(({ copy }) => copy.forget()));
    listener.messages.subscribe((message) => {
      const [table, ...key] = message.split(' ');
      this.forget(table!, key.length === 0 ? undefined : key.join(' '));
    });
    void listener.start();
    return listener;
  }
}

/** Values by key, at most `max`. */
export class KeptCopy<Value> {
  private readonly entries = new Map<string, { value: Promise<Value>; until: number }>();

  constructor(
    private readonly options: Pick<KeptCopyOptions<Value>, 'max' | 'load'>,
    private readonly isListening: () => boolean,
  ) {}

  /** The value of a key, read once for all who ask at the same time. @throws Error of the load function */
  read(key: string): Promise<Value> {
    if (!this.isListening()) return this.options.load(key);
    const known = this.entries.get(key);
    if (known && performance.now() < known.until) return known.value;
    // A change while it is read removes the entry, so that only those who asked before get what may be old.
    const entry = { value: this.options.load(key), until: performance.now() + MOST_AGE_MS };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.forgetOldest();
    const forgetEntry = (): boolean => this.entries.get(key) === entry && this.entries.delete(key);
    entry.value.then((value) => value === undefined && forgetEntry(), forgetEntry);
    return entry.value;
  }

  /** @param key default: all keys */
  forget(key?: string): void {
    if (key === undefined) this.entries.clear();
    else this.entries.delete(key);
  }

  private forgetOldest(): void {
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.options.max) return;
      this.entries.delete(oldest);
    }
  }
}
