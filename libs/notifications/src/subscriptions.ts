import type { WebSocket } from 'ws';
import { CLOSE, closeSocket } from './bounded-socket.js';
import type { LedgerEventName } from './event-log.js';
import type { SubscriberConnection } from './subscriber-connection.js';

/** Whose connection it is, and its websocket. */
interface Connected {
  subscriber: string;
  socket: WebSocket;
}

/** The connections of this instance. Injectable by class. */
export class Subscriptions {
  private readonly connections = new Map<SubscriberConnection, Connected>();

  /** @param subscriber name of the account that opened the connection. */
  add(connection: SubscriberConnection, socket: WebSocket, subscriber: string): void {
    this.connections.set(connection, { subscriber, socket });
    socket.once('close', () => this.connections.delete(connection));
  }

  /** Whether somebody listens to such events of this account. */
  areThereFor(event: LedgerEventName, account: string): boolean {
    return [...this.connections.keys()].some((connection) => connection.watches(event, account));
  }

  /** Ends what an account opened with credentials or rights that it may have no longer; who still may comes again. */
  endThoseOf(subscriber: string): void {
    for (const connected of this.connections.values()) {
      if (connected.subscriber !== subscriber) continue;
      closeSocket(connected.socket, CLOSE.policyViolation, 'The account was changed');
    }
  }
}
