import { Injectable, type Type } from '@nestjs/common';
import { type OnGatewayConnection, WebSocketGateway } from '@nestjs/websockets';
import { ContractError } from '@level-one/errors';
import {
  CLOSE,
  closeSocket,
  keepAlive,
  sendBounded,
  type Upgrade,
  type UpgradeGuard,
  type UpgradeRequest,
  WebsocketLimits,
} from '@level-one/notifications';
import { refusalOf } from '@level-one/peers';
import { commonError, CommonErrorId, parseJsonInput } from '@level-one/platform';
import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { UriTranslation } from './uri-translation.js';

const HANDSHAKE_TIMEOUT_MS = 5_000;
const MAX_LEDGER_FRAME_BYTES = 1024 * 1024;
const MAX_REFUSAL_BYTES = 16 * 1024;

/**
 * Opens a websocket to the ledger with the caller's credentials before it answers the caller's upgrade, so that the
 * ledger decides who may connect.
 */
@Injectable()
export class WebsocketRelayGuard implements UpgradeGuard {
  constructor(private readonly uris: UriTranslation) {}

  /** @returns the open, paused websocket to the ledger. @throws ContractError the ledger's refusal, or 502. */
  async admit(authorization: string | undefined, { params, forwardedFor }: Upgrade): Promise<WebSocket> {
    if (authorization === undefined) throw commonError(CommonErrorId.Unauthorized);
    const account = params['name'];
    const path = account === undefined ? '/websocket' : `/accounts/${encodeURIComponent(account)}/transfers`;
    const upstream = new WebSocket(this.uris.ledgerWebsocket(path), {
      headers: { authorization, 'x-forwarded-for': forwardedFor },
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_LEDGER_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    await opened(upstream);
    return upstream;
  }

  abandon(upstream: unknown): void {
    (upstream as WebSocket).terminate();
  }
}

async function opened(upstream: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown): void =>
      reject(commonError(CommonErrorId.External, { message: 'The ledger could not be reached', cause }));
    upstream.on('error', unreachable);
    upstream.once('open', () => {
      // Paused until the caller is connected.
      upstream.pause();
      resolve();
    });
    upstream.once('unexpected-response', (request, response) => {
      refusedUpgrade(response).then(reject, unreachable);
      response.once('close', () => request.destroy());
    });
  });
}

/** The error for an upgrade that the ledger refused. */
async function refusedUpgrade(response: IncomingMessage): Promise<ContractError> {
  const status = response.statusCode ?? 0;
  const retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN);
  const wait = Number.isInteger(retryAfterS) ? { retryAfterS } : {};
  if (status === 503) return commonError(CommonErrorId.ServiceUnavailable, wait);
  if (status < 400 || status >= 500) {
    return commonError(CommonErrorId.External, { message: `The ledger answered ${status}` });
  }
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > MAX_REFUSAL_BYTES) break;
  }
  if (status === 401) return commonError(CommonErrorId.Unauthorized);
  if (status === 429) return commonError(CommonErrorId.TooManyRequests, wait);
  return refusalOf('support-relay', { status, json: parseJsonInput(text, undefined, { exactNumbers: false }) });
}

/** Relays frames in both directions. When one side closes, the other is closed. */
@Injectable()
export abstract class WebsocketRelay implements OnGatewayConnection<WebSocket> {
  constructor(
    private readonly uris: UriTranslation,
    private readonly limits: WebsocketLimits,
  ) {}

  handleConnection(client: WebSocket, request: UpgradeRequest<WebSocket>): void {
    const upstream = request.principal;
    this.pass(client, upstream, (text) =>
      this.uris.frameToLedger(parseJsonInput(text, undefined, { exactNumbers: false })),
    );
    // What the ledger sends has passed its own checks, and the client checks it again.
    this.pass(upstream, client, (text) => this.uris.frameToAdapter(JSON.parse(text)));
    keepAlive(upstream, this.limits.pingIntervalMs);
    if (upstream.readyState === WebSocket.OPEN) upstream.resume();
    else closeSocket(client, CLOSE.badGateway, 'The ledger closed the websocket');
  }

  private pass(from: WebSocket, to: WebSocket, translate: (text: string) => unknown): void {
    from.on('message', (data: RawData) => {
      sendBounded(to, translated(String(data), translate), this.limits.maxBufferedBytes);
    });
    from.once('close', (code, reason) => closeSocket(to, sendableCode(code), String(reason)));
  }
}

function translated(text: string, translate: (text: string) => unknown): string {
  try {
    return JSON.stringify(translate(text));
  } catch {
    // Not valid input: the other side refuses it.
    return text;
  }
}

/** Some close codes must not be sent. */
function sendableCode(code: number): number {
  if (code === 1005) return CLOSE.normal;
  return code === 1006 || code === 1015 ? CLOSE.badGateway : code;
}

/** One class per path, because a decorator fixes the path. */
function relayAt(path: string): Type<WebsocketRelay> {
  @WebSocketGateway({ path })
  class WebsocketRelayAtPath extends WebsocketRelay {}
  return WebsocketRelayAtPath;
}

/** Gateways at `<base>/websocket` and `<base>/accounts/:name/transfers` of each base path. */
export function relayGateways(basePaths: readonly string[]): Type<WebsocketRelay>[] {
  return basePaths.flatMap((base) => [relayAt(`${base}/websocket`), relayAt(`${base}/accounts/:name/transfers`)]);
}
