import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RawData, WebSocket, type WebSocketServer } from 'ws';
import { accountOf } from './caller-account.js';
import type { ActiveFault, Faults, Passage } from './faults.js';

export interface RelayOptions {
  place: string;
  targetPort: number;
  faults: Faults;
  upgrades: WebSocketServer;
}

/** Sent again to the role; everything else of an upgrade is the websocket library's own. */
const KEPT_HEADERS = ['host', 'authorization', 'l1p-hop', 'l1p-trace-id', 'traceparent'];
const NORMAL_CLOSURE = 1_000;

/** Opens the role's websocket with the caller's credentials, then answers the upgrade as the role did. */
export function relayWebsocket(options: RelayOptions, incoming: IncomingMessage, socket: Socket, head: Buffer): void {
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (incoming.headers[name] ? [[name, incoming.headers[name] as string]] : [])),
  );
  const target = new WebSocket(`ws://127.0.0.1:${options.targetPort}${incoming.url}`, {
    headers,
    perMessageDeflate: false,
    autoPong: false,
  });
  const early: RawData[] = [];
  const keep = (data: RawData): void => void early.push(data);
  target.on('message', keep);
  socket.on('error', () => target.terminate());
  target.once('unexpected-response', (_, response) => void refuse(socket, response));
  target.once('error', () => socket.destroy());
  target.once('open', () => {
    options.upgrades.handleUpgrade(incoming, socket, head, (client) => {
      target.off('message', keep);
      const account = accountOf(incoming);
      join(target, client, new FrameLine(options, { path: incoming.url ?? '/', ...(account && { account }) }), early);
    });
  });
}

async function refuse(socket: Socket, response: IncomingMessage): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const lines = [`HTTP/1.1 ${response.statusCode} ${response.statusMessage}`];
  for (let i = 0; i < response.rawHeaders.length; i += 2) {
    lines.push(`${response.rawHeaders[i]}: ${response.rawHeaders[i + 1]}`);
  }
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), ...chunks]));
}

function join(target: WebSocket, client: WebSocket, line: FrameLine, early: RawData[]): void {
  const toClient = (data: RawData): void => line.add(textOf(data), (text) => sendTo(client, text));
  for (const data of early) toClient(data);
  target.on('message', toClient);
  client.on('message', (data, isBinary) => {
    if (target.readyState === WebSocket.OPEN) target.send(data, { binary: isBinary });
  });
  for (const [one, other] of [
    [target, client],
    [client, target],
  ] as const) {
    one.on('ping', (data) => other.readyState === WebSocket.OPEN && other.ping(data));
    one.on('pong', (data) => other.readyState === WebSocket.OPEN && other.pong(data));
    one.on('error', () => other.terminate());
    one.on('close', (code, reason) => closeLike(other, code, reason));
  }
}

/** A code that may not be sent says that the connection broke. */
function closeLike(socket: WebSocket, code: number, reason: Buffer): void {
  const isSendable = code >= NORMAL_CLOSURE && code !== 1_004 && code !== 1_005 && code !== 1_006 && code !== 1_015;
  if (isSendable) socket.close(code, reason);
  else socket.terminate();
}

function sendTo(socket: WebSocket, text: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(text);
}

function textOf(data: RawData): string {
  return Buffer.isBuffer(data) ? data.toString() : Buffer.concat(data as Buffer[]).toString();
}

type InTurn = (work: () => Promise<void> | void) => void;

/** Frames of one websocket in their order; a fault keeps up those behind it, or lets them go ahead. */
class FrameLine {
  private before: Promise<void> | undefined;

  constructor(
    private readonly options: Pick<RelayOptions, 'place' | 'faults'>,
    private readonly socket: Pick<Passage, 'path' | 'account'>,
  ) {}

  add(text: string, deliver: (text: string) => void): void {
    const passage = this.passageOf(text);
    const fault = this.options.faults.meet(passage);
    const action = fault?.rule.action ?? { do: 'pass' };
    const inTurn: InTurn = (work) => this.inTurn(action.do === 'pass', work);
    switch (action.do) {
      case 'pass':
        return inTurn(() => deliver(text));
      case 'duplicate':
        return inTurn(() => {
          deliver(text);
          deliver(text);
        });
      case 'delay':
        return inTurn(async () => {
          await sleep(action.ms);
          deliver(text);
        });
      case 'late':
        void sleep(action.ms).then(() => deliver(text));
        return;
      case 'hold':
      case 'hang':
        return this.hold(fault!, passage, inTurn, () => deliver(text));
      default:
        // Refused or cut: the frame is lost.
        return;
    }
  }

  /** Works at once if nothing waits and the work does not, else after what came before. */
  private inTurn(isPlain: boolean, work: () => Promise<void> | void): void {
    if (!this.before && isPlain) {
      void work();
      return;
    }
    const turn = (this.before ?? Promise.resolve()).then(work);
    this.before = turn;
    void turn.finally(() => {
      if (this.before === turn) this.before = undefined;
    });
  }

  /** A frame that waits behind another held one is held, too. */
  private hold(fault: ActiveFault, passage: Passage, inTurn: InTurn, deliver: () => void): void {
    const { action } = fault.rule;
    const isTold = action.do === 'hold' && action.when === 'after';
    const release = fault.hold(passage);
    inTurn(async () => {
      if (isTold) deliver();
      if ((await release) === 'pass' && !isTold) deliver();
    });
  }

  private passageOf(text: string): Passage {
    const { method, params } = parsed(text);
    const event = method === 'notify' ? params?.event : undefined;
    const state = params?.resource?.state;
    return {
      kind: 'frame',
      place: this.options.place,
      text,
      ...this.socket,
      ...(event !== undefined && { event }),
      ...(state !== undefined && { state }),
    };
  }
}

interface Frame {
  method?: string;
  params?: { event?: string; resource?: { state?: string } };
}

function parsed(text: string): Frame {
  try {
    return JSON.parse(text) as Frame;
  } catch {
    return {};
  }
}
