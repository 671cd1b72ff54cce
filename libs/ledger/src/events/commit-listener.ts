import { DatabaseListener } from '@level-one/work';
import { filter, map, merge, type Observable } from 'rxjs';

/**
 * Listens to the notifications of other instances' commits. Only a hint: notifications are lost while it is
 * disconnected.
 */
export class CommitListener {
  /** Emits after a commit of another instance, and when it listens again. */
  readonly commits: Observable<void>;
  private readonly listener: DatabaseListener;

  constructor(
    databaseUrl: string,
    schema: string,
    /** Id of this instance, whose own notifications are ignored. */
    ownWriterId: string,
  ) {
    this.listener = new DatabaseListener(databaseUrl, 'ledger_events');
    const isForeign = (message: string): boolean => {
      const [ofSchema, writerId] = message.split(' ');
      return ofSchema === schema && writerId !== ownWriterId;
    };
    const { messages, isListening } = this.listener;
    this.commits = merge(messages.pipe(filter(isForeign)), isListening.pipe(filter(Boolean))).pipe(
      map(() => undefined),
    );
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  stop(): Promise<void> {
    return this.listener.close();
  }
}
