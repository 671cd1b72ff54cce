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
 * Opens a websocket to the ledger with the caller's credentials before the caller's own upgrade is answered, so that
 * who may not connect there may not connect here.
 */
@Injectable()
export class WebsocketRelayGuard implements UpgradeGuard {
  constructor(private readonly uris: UriTranslation) {}

  /** @returns the open, still silent websocket to the ledger. @throws ContractError the ledger's refusal, or 502. */
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
      // Nothing is read until the caller is there to be told.
      upstream.pause();
      resolve();
    });
    upstream.once('unexpected-response', (request, response) => {
      refusedUpgrade(response).then(reject, unreachable);
      response.once('close', () => request.destroy());
    });
  });
}

/** The ledger's answer to an upgrade it refused. */
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
  return refusalOf('support-relay', status, parseJsonInput(text, undefined, { exactNumbers: false }));
}

/** Passes frames on in both directions; what one side closes, the other is closed for. */
@Injectable()
export abstract class WebsocketRelay implements OnGatewayConnection<WebSocket> {
  constructor(
    private readonly uris: UriTranslation,
    private readonly limits: WebsocketLimits,
  ) {}

  handleConnection(client: WebSocket, request: UpgradeRequest<WebSocket>): void {
    const upstream = request.principal;
    this.pass(client, upstream, (frame) => this.uris.frameToLedger(frame));
    this.pass(upstream, client, (frame) => this.uris.frameToAdapter(frame));
    keepAlive(upstream, this.limits.pingIntervalMs);
    if (upstream.readyState === WebSocket.OPEN) upstream.resume();
    else closeSocket(client, CLOSE.badGateway, 'The ledger closed the websocket');
  }

  private pass(from: WebSocket, to: WebSocket, translate: (frame: unknown) => unknown): void {
    from.on('message', (data: RawData) => {
      sendBounded(to, translated(String(data), translate), this.limits.maxBufferedBytes);
    });
    from.once('close', (code, reason) => closeSocket(to, sendableCode(code), String(reason)));
  }
}

function translated(text: string, translate: (frame: unknown) => unknown): string {
  try {
    return JSON.stringify(translate(parseJsonInput(text, undefined, { exactNumbers: false })));
  } catch {
    // No JSON, or none that may come in: whoever gets it says so itself.
    return text;
  }
}

/** Some codes only tell about the end of a connection and may not be sent. */
function sendableCode(code: number): number {
  if (code === 1005) return CLOSE.normal;
  return code === 1006 || code === 1015 ? CLOSE.badGateway : code;
}

/** One class per path, because a path is fixed when a class is declared. */
function relayAt(path: string): Type<WebsocketRelay> {
  @WebSocketGateway({ path })
  class WebsocketRelayAtPath extends WebsocketRelay {}
  return WebsocketRelayAtPath;
}

/** Gateways at `<base>/websocket` and `<base>/accounts/:name/transfers` of each base path. */
export function relayGateways(basePaths: readonly string[]): Type<WebsocketRelay>[] {
  return basePaths.flatMap((base) => [relayAt(`${base}/websocket`), relayAt(`${base}/accounts/:name/transfers`)]);
}
