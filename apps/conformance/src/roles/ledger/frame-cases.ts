import { basicAuthorization } from '@level-one/platform';
import { WebSocket } from 'ws';
import type { ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import type { LedgerUnderTest } from './test-ledger.js';

const PAGE = 'contract/ledger.md#s3.7';
const TIMEOUT_MS = 20_000;

interface Frame {
  method?: string;
  id?: unknown;
  result?: unknown;
  error?: { code: number };
  params?: {
    event: string;
    resource: { id: string; state: string };
    related_resources?: { execution_condition_fulfillment?: string };
  };
}

/** What a ledger sends to those who subscribe. */
export function frameCases(ledger: LedgerUnderTest): ConformanceCase[] {
  const route = `GET ${ledger.base}/websocket`;
  const one = (name: string, run: (socket: Frames) => Promise<void>): ConformanceCase => ({
    name,
    route,
    page: PAGE,
    hops: [],
    run: async () => {
      await ledger.open();
      const socket = new Frames(ledger.system.urlOf(`${ledger.base}/websocket`), ledger.ownerOf(ledger.payee), route);
      try {
        await run(socket);
      } finally {
        socket.close();
      }
    },
  });
  return [
    one('the first frame is connect', async (socket) => {
      await socket.next('a frame {"method":"connect"} first', ({ method }) => method === 'connect');
    }),
    one('an owner is told of a transfer that is prepared and then executed, with the fulfillment', async (socket) => {
      await subscribe(ledger, socket);
      const transfer = await ledger.prepare();
      const about = (event: string, state: string) => (frame: Frame) =>
        frame.params?.event === event &&
        frame.params.resource.id.endsWith(transfer.id) &&
        frame.params.resource.state === state;
      await socket.next('transfer.create of the prepared transfer', about('transfer.create', 'prepared'));
      (await ledger.fulfil(transfer, 'the fulfillment of a prepared transfer')).mustBe({ status: 200 });
      const { params } = await socket.next(
        'transfer.update of the executed transfer',
        about('transfer.update', 'executed'),
      );
      if (params?.related_resources?.execution_condition_fulfillment === transfer.fulfillment) return;
      throw new NotConforming(
        `${route}: the frame of an executed transfer has no related_resources.execution_condition_fulfillment; must be the text submitted`,
      );
    }),
    one('a method that is not known is -32601, and the connection stays open', async (socket) => {
      await socket.next('a frame {"method":"connect"} first', ({ method }) => method === 'connect');
      socket.send({ jsonrpc: '2.0', id: 1, method: 'no_such_method', params: {} });
      const { error } = await socket.next('an error for an unknown method', (frame) => frame.id === 1);
      if (error?.code !== -32_601) {
        throw new NotConforming(
          `${route}: an unknown method was answered ${JSON.stringify(error)}; must be the code -32601`,
        );
      }
      await subscribe(ledger, socket);
    }),
  ];
}

async function subscribe(ledger: LedgerUnderTest, socket: Frames): Promise<void> {
  const path = { name: ledger.payee };
  const read = await ledger.system.ask(ledger.route('GET /accounts/{name}'), 'an account', { as: 'admin', path });
  const { id } = read.mustBe({ status: 200 }).json as { id: string };
  await socket.next('a frame {"method":"connect"} first', ({ method }) => method === 'connect');
  socket.send({
    jsonrpc: '2.0',
    id: 'subscribe',
    method: 'subscribe_account',
    params: { eventType: '*', accounts: [id] },
  });
  await socket.next('a result of subscribe_account', (frame) => frame.id === 'subscribe' && frame.result === 1);
}

/** A websocket that keeps every frame. */
class Frames {
  private readonly frames: Frame[] = [];
  private readonly socket: WebSocket;
  private look: () => void = () => undefined;
  private failure: Error | undefined;

  constructor(
    url: string,
    credentials: string,
    private readonly route: string,
  ) {
    const [name = '', password = ''] = credentials.split(':');
    const headers = { authorization: basicAuthorization(name, password) };
    this.socket = new WebSocket(url.replace(/^http/, 'ws'), { headers });
    this.socket.on('message', (data) => {
      this.frames.push(JSON.parse(String(data)) as Frame);
      this.look();
    });
    this.socket.on('error', (error) => {
      this.failure = error;
      this.look();
    });
  }

  send(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next frame that is meant. @throws NotConforming when none comes */
  next(words: string, isMeant: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const refuse = (why: string): void =>
        reject(new NotConforming(`${this.route}: no frame came that is ${words} (${why})`));
      const timer = setTimeout(() => refuse(`within ${TIMEOUT_MS / 1_000} s`), TIMEOUT_MS);
      this.look = () => {
        const found = this.frames.find(isMeant);
        if (!found && !this.failure) return;
        clearTimeout(timer);
        if (found) resolve(found);
        else refuse(this.failure!.message);
      };
      this.look();
    });
  }

  close(): void {
    this.socket.terminate();
  }
}
