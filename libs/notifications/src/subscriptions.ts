import type { WebSocket } from 'ws';
import type { LedgerEventName } from './event-log.js';
import type { SubscriberConnection } from './subscriber-connection.js';

/** The connections of this instance. Injectable by class. */
export class Subscriptions {
  private readonly connections = new Set<SubscriberConnection>();

  add(connection: SubscriberConnection, socket: WebSocket): void {
    this.connections.add(connection);
    socket.once('close', () => this.connections.delete(connection));
  }

  /** Whether somebody listens to such events of this account. */
  areThereFor(event: LedgerEventName, account: string): boolean {
    return [...this.connections].some((connection) => connection.watches(event, account));
  }
}
