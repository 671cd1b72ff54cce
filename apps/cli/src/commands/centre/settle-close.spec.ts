import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, levelone } from '../../../test/levelone.fixture.js';

const idOf = (number: number): string => `00000000-0000-4000-8000-00000000000${number}`;

/** A central ledger with windows. It loses as many answers to a close as are set. */
class FakeLedger {
  readonly closed: number[] = [];
  lostAnswers = 0;
  known = (_id: string): boolean => true;
  private readonly server: Server;

  constructor() {
    this.server = createServer(({ method, url = '' }, response) => {
      const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
      if (method === 'GET') return void answer(200, [this.window(this.closed.length + 1)]);
      const id = url.split('/')[2]!;
      if (!this.known(id)) return void answer(404, { id: 'NotFoundError', message: 'no such window' });
      const number = Number(id.at(-1));
      if (number > this.closed.length) this.closed.push(number);
      this.lostAnswers -= 1;
      if (this.lostAnswers >= 0) return void response.destroy();
      return void answer(200, this.window(number));
    });
  }

  private window(number: number): object {
    const state = number > this.closed.length ? 'open' : 'closed';
    const times = { opened_at: '', closed_at: null, settled_at: null };
    return { id: idOf(number), number, state, ...times, transfer_count: 0, positions: [] };
  }

  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`),
      );
    });
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('settle close', () => {
  let ledger: FakeLedger;
  let environment: Record<string, string>;
  let folder: string;

  beforeEach(async () => {
    ledger = new FakeLedger();
    folder = mkdtempSync(join(tmpdir(), 'levelone-'));
    environment = {
      CENTRAL_LEDGER_URL: await ledger.listen(),
      OPERATOR_CREDENTIALS: 'admin:admin',
      XDG_STATE_HOME: folder,
    };
  });
  afterEach(() => {
    ledger.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const numberOf = async (args = 'settle close') => (await json(args, environment)).document.number;

  it('closes the open window each time, if it is answered', async () => {
    expect([await numberOf(), await numberOf()]).toEqual([1, 2]);
  });

  it('closes no further window when it is given again after lost answers', async () => {
    ledger.lostAnswers = 2;
    const lost = [await levelone('settle close', environment), await levelone('settle close', environment)];
    const message = expect.stringContaining(`settle close ${idOf(1)}`);
    expect(lost).toMatchObject([
      { exitCode: 3, err: message },
      { exitCode: 3, err: message },
    ]);
    const { out } = await levelone('settle close', environment);
    expect(out).toMatch(/^The last settle close got no answer[^]*number +1$/m);
    expect(ledger.closed).toEqual([1]);
    expect(await numberOf()).toBe(2);
  });

  it('closes the window that is named, whatever was not answered before', async () => {
    ledger.lostAnswers = 1;
    await levelone('settle close', environment);
    expect([await numberOf(`settle close ${idOf(2)}`), ledger.closed]).toEqual([2, [1, 2]]);
  });

  it('closes the open window of a ledger that was made anew', async () => {
    ledger.lostAnswers = 1;
    await levelone('settle close', environment);
    ledger.known = (id) => id !== idOf(1);
    expect(await numberOf()).toBe(2);
  });

  it('works where its user may not write', async () => {
    environment['XDG_STATE_HOME'] = '/dev/null/nowhere';
    expect([await numberOf(), await numberOf()]).toEqual([1, 2]);
  });
});
