import type { WebSocket } from 'ws';
import { CLOSE, closeSocket } from '../json-rpc/bounded-socket.js';
import type { LedgerEventName } from '../events/event-log.js';
import type { Subscriber, SubscriberAuthenticator } from './subscriber-authenticator.js';
import type { SubscriberConnection } from './subscriber-connection.js';

/** Whose connection it is, and its websocket. */
interface Connected {
  subscriber: Subscriber;
  socket: WebSocket;
}

/** The connections of this instance. Injectable by class. */
export class Subscriptions {
  private readonly connections = new Map<SubscriberConnection, Connected>();

  /** @param subscriber who opened the connection. */
  add(connection: SubscriberConnection, socket: WebSocket, subscriber: Subscriber): void {
    this.connections.set(connection, { subscriber, socket });
    socket.once('close', () => this.connections.delete(connection));
  }

  /** Whether somebody listens to such events of this account. */
  areThereFor(event: LedgerEventName, account: string): boolean {
    return [...this.connections.keys()].some((connection) => connection.watches(event, account));
  }

  /** Ends what an account opened with credentials or rights that it may have no longer; who still may comes again. */
  endThoseOf(subscriber: string): void {
    this.endWhere(({ name }) => name === subscriber);
  }

  /** Ends what was opened by those who may have it no longer, also when another instance changed their account. */
  async endChanged(authenticator: SubscriberAuthenticator): Promise<void> {
    const subscribers = [...this.connections.values()].map(({ subscriber }) => subscriber);
    if (subscribers.length === 0 || !authenticator.changed) return;
    const changed = new Set(await authenticator.changed(subscribers));
    this.endWhere((subscriber) => changed.has(subscriber));
  }

  private endWhere(isMeant: (subscriber: Subscriber) => boolean): void {
    for (const { subscriber, socket } of this.connections.values()) {
      if (isMeant(subscriber)) closeSocket(socket, CLOSE.policyViolation, 'The account was changed');
    }
  }
}
