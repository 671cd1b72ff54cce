import { Inject, type Provider, type Type, UseFilters } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { ContractError } from '@level-one/errors';
import { commonError, CommonErrorId, RoleLogger } from '@level-one/platform';
import type { WebSocket } from 'ws';
import { sendBounded } from '../json-rpc/bounded-socket.js';
import { EVENT_LOG, type EventLog } from '../events/event-log.js';
import { EventPump } from '../events/event-pump.js';
import { connectFrame, isRecord, RpcError, RpcErrorCode, shortened } from '../json-rpc/json-rpc.js';
import {
  type RpcContext,
  RpcRequestContext,
  type Upgrade,
  type UpgradeGuard,
  type UpgradeRequest,
  WebsocketLimits,
} from '../json-rpc/json-rpc-ws.adapter.js';
import { JsonRpcExceptionFilter } from '../json-rpc/json-rpc.filter.js';
import { parseSequence } from '../events/notification.js';
import { ReplayLanes } from '../events/replay-lanes.js';
import { SUBSCRIBER_AUTHENTICATOR, type Subscriber, type SubscriberAuthenticator } from './subscriber-authenticator.js';
import { SubscriberCheck } from './subscriber-check.js';
import { SubscriberConnection } from './subscriber-connection.js';
import { Subscriptions } from './subscriptions.js';
import { UPGRADE_GUARD } from '../json-rpc/websockets.js';

/** Where a ledger serves its websocket. */
export interface LedgerWebsocketOptions {
  /** Base paths of the ledger's routes, without slashes at the ends; `''` is the root. */
  basePaths: readonly string[];
  /** Public URL of the ledger with its base path; account URIs begin with it. */
  ledgerUrl: string;
  limits?: Partial<WebsocketLimits>;
}

const OPTIONS = Symbol('LedgerWebsocketOptions');

/** Values of `eventType` in subscriptions. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([
  '*',
  'transfer.*',
  'transfer.create',
  'transfer.update',
  'message.send',
]);
const MAX_NAME_LENGTH = 256;
const MAX_ACCOUNTS = 1_000;

function mayWatch(subscriber: Subscriber, account: string): boolean {
  return subscriber.isAdmin || subscriber.canSubscribeAll || subscriber.name === account;
}

/** Accepts holders of accounts at the ledger; on the path of one account only those who may watch it. */
export class LedgerUpgradeGuard implements UpgradeGuard {
  constructor(private readonly authenticator: SubscriberAuthenticator) {}

  async admit(authorization: string | undefined, { params, address }: Upgrade): Promise<Subscriber> {
    const subscriber =
      authorization === undefined ? undefined : await this.authenticator.authenticate(authorization, address);
    if (!subscriber) throw commonError(CommonErrorId.Unauthorized);
    if (params['name'] !== undefined && !mayWatch(subscriber, params['name'])) {
      throw new ContractError(403, 'UnauthorizedError', 'You do not have permissions to access this resource');
    }
    return subscriber;
  }

  ownerOf(principal: unknown): string {
    return (principal as Subscriber).name;
  }
}

interface Client {
  subscriber: Subscriber;
  connection: SubscriberConnection;
}

/** The ledger's notifications (contract 3.7): `subscribe_account`, `subscribe_all_accounts` and `notify`. */
@UseFilters(JsonRpcExceptionFilter)
export abstract class LedgerGateway implements OnGatewayConnection<WebSocket> {
  private readonly clients = new WeakMap<WebSocket, Client>();

  constructor(
    private readonly pump: EventPump,
    private readonly subscriptions: Subscriptions,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(OPTIONS) private readonly options: LedgerWebsocketOptions,
    private readonly limits: WebsocketLimits,
    private readonly lanes: ReplayLanes,
    private readonly logger: RoleLogger,
  ) {}

  async handleConnection(socket: WebSocket, request: UpgradeRequest<Subscriber>): Promise<void> {
    const { maxBufferedBytes } = this.limits;
    const { pump, log, lanes, logger } = this;
    const { name } = request.principal;
    const { socket: stream } = request;
    const connection = new SubscriberConnection(socket, { name, pump, log, lanes, logger, maxBufferedBytes, stream });
    this.subscriptions.add(connection, socket, request.principal);
    this.clients.set(socket, { subscriber: request.principal, connection });
    sendBounded(socket, JSON.stringify(connectFrame()), maxBufferedBytes);
    // The old path of one account: connecting subscribes to it.
    const account = request.params['name'];
    if (account === undefined) return;
    await connection.subscribe('accounts', { eventType: '*', accounts: new Set([account]) }, this.pump.position);
    connection.catchUp();
  }

  /** Replaces the accounts this connection watches. @returns how many they are now. */
  @SubscribeMessage('subscribe_account')
  async subscribeAccount(
    @ConnectedSocket() socket: WebSocket,
    @MessageBody() params: unknown,
    @RpcRequestContext() context: RpcContext,
  ): Promise<number> {
    const { subscriber, connection } = this.clientOf(socket);
    const { eventType, resumeFrom, accounts: uris } = await this.read(params);
    if (!Array.isArray(uris) || uris.length > MAX_ACCOUNTS) throw invalidParams('accounts must be a list of URIs');
    const accounts = new Set(uris.map((uri) => this.accountName(uri)));
    for (const account of accounts) {
      if (!mayWatch(subscriber, account)) throw new RpcError(RpcErrorCode.NotAuthorized, 'Not authorized');
    }
    if (accounts.size === 0) connection.unsubscribe('accounts');
    else await connection.subscribe('accounts', { eventType, accounts }, resumeFrom);
    context.afterReply = () => connection.catchUp();
    return accounts.size;
  }

  /** Adds every account of the ledger, beside accounts watched by name. @returns 1. */
  @SubscribeMessage('subscribe_all_accounts')
  async subscribeAllAccounts(
    @ConnectedSocket() socket: WebSocket,
    @MessageBody() params: unknown,
    @RpcRequestContext() context: RpcContext,
  ): Promise<number> {
    const { subscriber, connection } = this.clientOf(socket);
    const { eventType, resumeFrom } = await this.read(params ?? {});
    if (!subscriber.isAdmin && !subscriber.canSubscribeAll) {
      throw new RpcError(RpcErrorCode.NotAuthorized, 'Not authorized');
    }
    await connection.subscribe('all', { eventType, accounts: 'all' }, resumeFrom);
    context.afterReply = () => connection.catchUp();
    return 1;
  }

  private clientOf(socket: WebSocket): Client {
    const client = this.clients.get(socket);
    if (!client) throw new Error('A websocket sent a request before it was connected');
    return client;
  }

  private async read(
    params: unknown,
  ): Promise<{ eventType: string; resumeFrom: bigint | undefined; accounts: unknown }> {
    if (!isRecord(params)) throw invalidParams('params must be an object');
    const { eventType = '*', resumeFrom, accounts } = params;
    if (typeof eventType !== 'string' || !EVENT_TYPES.has(eventType)) throw invalidParams('unknown eventType');
    return { eventType, resumeFrom: await this.cursor(resumeFrom), accounts };
  }

  private async cursor(value: unknown): Promise<bigint | undefined> {
    if (value === undefined || value === null) return undefined;
    const cursor = parseSequence(value);
    if (cursor === undefined) throw invalidParams('resumeFrom must be a sequence number');
    if (cursor > this.pump.position && cursor > (await this.log.last()))
      throw invalidParams('resumeFrom is beyond the end of the log');
    return cursor;
  }

  /** Takes an account's URI on this ledger, or its bare name. */
  private accountName(account: unknown): string {
    if (typeof account !== 'string') throw invalidParams('accounts must be a list of URIs');
    const base = `${this.options.ledgerUrl}/accounts/`;
    if (account.startsWith(base)) return decodedName(account.slice(base.length));
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(account)) {
      throw new RpcError(RpcErrorCode.ForeignAccount, `Invalid account: ${shortened(account)}`);
    }
    return checkedName(account);
  }
}

/** The name in the last segment of an account's URI. */
function decodedName(segment: string): string {
  if (segment.includes('/')) throw badName(segment);
  try {
    return checkedName(decodeURIComponent(segment));
  } catch {
    throw badName(segment);
  }
}

function checkedName(name: string): string {
  if (name === '' || name.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name)) throw badName(name);
  return name;
}

function badName(name: string): RpcError {
  return new RpcError(RpcErrorCode.BadAccountName, `Invalid account name: ${shortened(name)}`);
}

function invalidParams(problem: string): RpcError {
  return new RpcError(RpcErrorCode.InvalidParams, `Invalid params: ${problem}`);
}

/** One gateway class per path, because a path is fixed when a class is declared. */
function gatewayAt(path: string): Type<LedgerGateway> {
  @WebSocketGateway({ path })
  class GatewayAtPath extends LedgerGateway {}
  return GatewayAtPath;
}

/**
 * What a ledger's module adds to its providers to serve notifications at `<base>/websocket` and
 * `<base>/accounts/:name/transfers`. The module provides `EVENT_LOG` and `SUBSCRIBER_AUTHENTICATOR`, and its role
 * definition names `jsonRpcWebsockets` as its websocket adapter.
 */
export function ledgerWebsocketProviders(options: LedgerWebsocketOptions): Provider[] {
  return [
    { provide: OPTIONS, useValue: options },
    { provide: WebsocketLimits, useValue: Object.assign(new WebsocketLimits(), options.limits) },
    EventPump,
    Subscriptions,
    SubscriberCheck,
    ReplayLanes,
    {
      provide: UPGRADE_GUARD,
      useFactory: (authenticator: SubscriberAuthenticator) => new LedgerUpgradeGuard(authenticator),
      inject: [SUBSCRIBER_AUTHENTICATOR],
    },
    ...options.basePaths.flatMap((base) => [
      gatewayAt(`${base}/websocket`),
      gatewayAt(`${base}/accounts/:name/transfers`),
    ]),
  ];
}
