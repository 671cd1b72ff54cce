import { type DatabaseAccess, DatabaseListener } from '@level-one/work';
import { filter, map, merge, type Observable } from 'rxjs';
import { EVENTS_CHANNEL, type LedgerInstances } from './ledger-instances.js';

/**
 * Listens to the notifications of other instances' commits. Only a hint: notifications are lost while it is
 * disconnected.
 */
export class CommitListener {
  /** Emits after a commit of another instance that has events, and when it listens again. */
  readonly commits: Observable<void>;
  private readonly listener: DatabaseListener;

  constructor(access: DatabaseAccess, instances: LedgerInstances) {
    const { schema, id, connectionName } = instances;
    this.listener = new DatabaseListener(access, EVENTS_CHANNEL, connectionName);
    const isForeign = (message: string): boolean => {
      const [ofSchema, writerId] = message.split(' ');
      return ofSchema === schema && writerId !== id;
    };
    const foreign = this.listener.messages.pipe(filter(isForeign));
    const listening = this.listener.isListening.pipe(filter(Boolean));
    foreign.subscribe(() => instances.hear());
    listening.subscribe(() => void instances.announce());
    this.commits = merge(foreign, listening).pipe(map(() => undefined));
  }

  start(): Promise<void> {
    return this.listener.start();
  }

  stop(): Promise<void> {
    return this.listener.close();
  }
}
