import type { WebSocket } from 'ws';
import { CLOSE, closeSocket } from '../json-rpc/bounded-socket.js';
import type { LedgerEventName } from '../events/event-log.js';
import type { Subscriber, SubscriberAuthenticator } from './subscriber-authenticator.js';
import type { SubscriberConnection } from './subscriber-connection.js';

/** A connection, its subscriber and its websocket. */
interface Connected {
  subscriber: Subscriber;
  socket: WebSocket;
}

/** The connections of this instance. Injectable by class. */
export class Subscriptions {
  private readonly connections = new Map<SubscriberConnection, Connected>();

  /** @param subscriber account that opened the connection. */
  add(connection: SubscriberConnection, socket: WebSocket, subscriber: Subscriber): void {
    this.connections.set(connection, { subscriber, socket });
    socket.once('close', () => this.connections.delete(connection));
  }

  get count(): number {
    return this.connections.size;
  }

  /** How many sequence numbers the connection that is most behind lacks up to `position`. */
  mostBehind(position: bigint): bigint {
    return [...this.connections.keys()].reduce((most, connection) => {
      const behind = connection.behindBy(position);
      return behind > most ? behind : most;
    }, 0n);
  }

  /** Whether a connection is subscribed to such events of this account. */
  areThereFor(event: LedgerEventName, account: string): boolean {
    return [...this.connections.keys()].some((connection) => connection.watches(event, account));
  }

  /** Closes the connections of an account whose credentials or rights have changed; with valid ones it reconnects. */
  endThoseOf(subscriber: string): void {
    this.endWhere(({ name }) => name === subscriber);
  }

  /** Closes connections whose credentials or rights are no longer valid, also if another instance changed the account. */
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
